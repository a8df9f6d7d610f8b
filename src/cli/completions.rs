//! `clickday completions` and `clickday man`: made from the definitions of the commands.

use super::exit::Failure;
use super::print::print;
use clap::CommandFactory;
use std::path::PathBuf;

/// Print a script that completes commands and options in a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday completions bash > ~/.local/share/bash-completion/completions/clickday
  clickday completions zsh > ~/.zfunc/_clickday
  clickday completions fish > ~/.config/fish/completions/clickday.fish")]
pub(super) struct CompletionsArgs {
    /// The shell
    shell: clap_complete::Shell,
}

/// Print the manual page of a command, or write all of them to a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  clickday man | man -l -
  clickday man run
  clickday man --out ~/.local/share/man/man1")]
pub(super) struct ManArgs {
    /// The command; without it the page of clickday itself
    command: Option<String>,
    /// Write the pages of all commands to this folder
    #[arg(long, value_name = "DIR", conflicts_with = "command")]
    out: Option<PathBuf>,
}

/// What came out of a generator, as text.
fn text(bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| Failure::Work(error.to_string()))
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::Cli::command(), "clickday", &mut script);
    print(&text(script)?)
}

pub(super) fn man(args: &ManArgs) -> Result<(), Failure> {
    let mut all = super::Cli::command();
    // Lines of help are filled by the reader's own terminal.
    all = all.disable_help_subcommand(true);
    all.build();
    if let Some(folder) = &args.out {
        let failed = |error: std::io::Error| Failure::Work(format!("cannot write to {}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(all, folder).map_err(failed)?;
        return print(&format!("Manual pages: {}", folder.display()));
    }
    let command = match &args.command {
        None => all,
        Some(name) => {
            let names: Vec<String> = all.get_subcommands().map(|command| command.get_name().to_owned()).collect();
            let found = all.get_subcommands().find(|command| command.get_name() == name).cloned();
            found.ok_or_else(|| Failure::Usage(format!("there is no command `{name}`; there are {}", names.join(", "))))?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    print(&text(page)?)
}
