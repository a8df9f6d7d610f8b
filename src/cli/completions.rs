//! `clickday completions` and `clickday man`: made from the definitions of the commands.

use super::exit::Failure;
use super::print::{print, print_json};
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
    /// Print the script inside JSON (its schema: clickday schema completions)
    #[arg(long)]
    json: bool,
}

/// What `completions --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Completions {
    /// The shell.
    shell: String,
    /// The script.
    script: String,
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
    /// Print the page inside JSON; with --out, which pages were written (its schema: clickday schema man)
    #[arg(long)]
    json: bool,
}

/// What `man --json` prints.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct Manual {
    /// The page that was asked for; with `--out` that of clickday and of every command.
    pages: Vec<ManualPage>,
}

/// A manual page.
#[derive(Debug, serde::Serialize, schemars::JsonSchema)]
pub(super) struct ManualPage {
    /// The command; `clickday` for the program's own page.
    command: String,
    /// The file that was written; `null` without `--out`.
    file: Option<PathBuf>,
    /// The page in the language of man(7); `null` where it was written to a file.
    text: Option<String>,
}

/// What came out of a generator, as text.
fn text(bytes: Vec<u8>) -> Result<String, Failure> {
    String::from_utf8(bytes).map_err(|error| Failure::Work(error.to_string()))
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<(), Failure> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut super::Cli::command(), "clickday", &mut script);
    let script = text(script)?;
    if args.json {
        return print_json(&Completions { shell: args.shell.to_string(), script });
    }
    print(&script)
}

pub(super) fn man(args: &ManArgs) -> Result<(), Failure> {
    let mut all = super::Cli::command();
    // Lines of help are filled by the reader's own terminal.
    all = all.disable_help_subcommand(true);
    all.build();
    let names: Vec<String> = all.get_subcommands().map(|command| command.get_name().to_owned()).collect();
    if let Some(folder) = &args.out {
        let failed = |error: std::io::Error| Failure::Work(format!("cannot write to {}: {error}", folder.display()));
        std::fs::create_dir_all(folder).map_err(failed)?;
        clap_mangen::generate_to(all, folder).map_err(failed)?;
        if !args.json {
            return print(&format!("Manual pages: {}", folder.display()));
        }
        let page = |command: String, file: String| ManualPage { command, file: Some(folder.join(file)), text: None };
        let of_commands = names.into_iter().map(|name| page(name.clone(), format!("clickday-{name}.1")));
        let pages = [page("clickday".to_owned(), "clickday.1".to_owned())].into_iter().chain(of_commands).collect();
        return print_json(&Manual { pages });
    }
    let command = match &args.command {
        None => all,
        Some(name) => {
            let found = all.get_subcommands().find(|command| command.get_name() == name).cloned();
            found.ok_or_else(|| Failure::Usage(format!("there is no command `{name}`; there are {}", names.join(", "))))?
        }
    };
    let mut page = Vec::new();
    clap_mangen::Man::new(command).render(&mut page)?;
    let page = text(page)?;
    if args.json {
        let command = args.command.clone().unwrap_or_else(|| "clickday".to_owned());
        return print_json(&Manual { pages: vec![ManualPage { command, file: None, text: Some(page) }] });
    }
    print(&page)
}
