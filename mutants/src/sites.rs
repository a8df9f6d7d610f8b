//! Where in a file its changes are.

use crate::listed::{Changes, Genre, Place};
use proc_macro2::Span;
use std::ops::Range;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

/// What can be put in the place of something: the number of the change and its text.
pub type Choices = Vec<(usize, String)>;

#[derive(Debug)]
pub enum Kind {
    /// Two operands about an operator, each choice another operator.
    Binary { left: Range<usize>, operator: Range<usize>, right: Range<usize>, choices: Choices },
    /// An operator before its operand, which the one choice leaves out.
    Unary { operand: Range<usize>, choices: Choices },
    /// Between the pattern of a match arm and its arrow: the condition that stands there, changes of it, and the number of the change
    /// that takes the arm away.
    Guard { condition: Option<Range<usize>>, is_let: bool, choices: Choices, gone: Option<usize> },
    /// The start of a function's body, each choice a value to return at once; boxed where the function returned `impl Trait`, which is one
    /// type alone.
    Body { boxed: bool, choices: Choices },
    /// The value of a field, which the one choice takes from the rest of the struct instead; `named` where it is written without its name.
    Field { base: Range<usize>, named: bool, choices: Choices },
    /// Something that is written in another way.
    Text(String),
}

/// A piece of a file that is written anew.
#[derive(Debug)]
pub struct Site {
    pub range: Range<usize>,
    pub kind: Kind,
}

/// The sites of a file in the order of the text, outer before inner ones.
///
/// # Errors
/// Where the text is not Rust.
pub fn find(text: &str, changes: &Changes) -> syn::Result<Vec<Site>> {
    let file = syn::parse_file(text)?;
    let mut finder = Finder { changes, sites: Vec::new(), depth: 0 };
    finder.visit_file(&file);
    let mut sites = finder.sites;
    sites.sort_by_key(|site| (site.range.start, !site.range.is_empty(), std::cmp::Reverse(site.range.end)));
    Ok(sites)
}

struct Finder<'a> {
    changes: &'a Changes,
    sites: Vec<Site>,
    /// How many bodies of functions the place is in.
    depth: usize,
}

impl Finder<'_> {
    fn choices(&self, genre: Genre, span: Span) -> Option<Choices> {
        let start = span.start();
        self.changes.get(&(genre, Place { line: start.line, column: start.column + 1 })).cloned()
    }

    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let before = self.sites.len();
        if let Some(first) = block.stmts.first()
            && let Some(choices) = self.choices(Genre::FnValue, first.span())
        {
            let start = first.span().byte_range().start;
            let one_type = opaque(signature);
            if one_type.is_none_or(|output| self.box_output(signature, output, block)) {
                self.sites.push(Site { range: start..start, kind: Kind::Body { boxed: one_type.is_some(), choices } });
            }
        }
        self.depth += 1;
        visit::visit_block(self, block);
        self.depth -= 1;
        if let Some(constant) = signature.constness.filter(|_| self.sites.len() > before) {
            self.write(constant.span().byte_range(), "");
        }
    }

    /// Has a function return a box where it returned `impl Trait`, if that is one trait.
    fn box_output(&mut self, signature: &syn::Signature, output: &syn::TypeImplTrait, block: &syn::Block) -> bool {
        let is_trait = |bound: &&syn::TypeParamBound| matches!(bound, syn::TypeParamBound::Trait(_));
        let traits = output.bounds.iter().filter(is_trait).count();
        if traits > 1 {
            return false;
        }
        let named = signature.generics.lifetimes().next().map_or("'_".to_owned(), |named| format!("'{}", named.lifetime.ident));
        let end = output.span().byte_range().end;
        self.write(end..end, &if traits < output.bounds.len() { ">".to_owned() } else { format!(" + {named}>") });
        self.write(output.impl_token.span().byte_range(), "Box<dyn");
        let end = block.brace_token.span.close().byte_range().start;
        self.write(end..end, " })");
        true
    }

    fn write(&mut self, range: Range<usize>, text: &str) {
        self.sites.push(Site { range, kind: Kind::Text(text.to_owned()) });
    }
}

impl<'ast> Visit<'ast> for Finder<'_> {
    fn visit_item_fn(&mut self, function: &'ast syn::ItemFn) {
        self.body(&function.sig, &function.block);
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        self.body(&function.sig, &function.block);
    }

    fn visit_trait_item_fn(&mut self, function: &'ast syn::TraitItemFn) {
        if let Some(block) = &function.default {
            self.body(&function.sig, block);
        }
    }

    // A constant is settled before anything can be chosen: a table within a function is made there instead.
    fn visit_item_const(&mut self, made: &'ast syn::ItemConst) {
        if self.depth > 0 && matches!(*made.ty, syn::Type::Array(_)) {
            self.write(made.const_token.span().byte_range(), "let");
            self.visit_expr(&made.expr);
        }
    }

    // A constant of a type may be one of a trait, and needed by the compiler.
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}

    // And one that a function makes is made when it is needed.
    fn visit_item_static(&mut self, made: &'ast syn::ItemStatic) {
        if matches!(*made.expr, syn::Expr::Call(_)) {
            let range = made.ty.span().byte_range();
            self.write(range.start..range.start, "std::sync::LazyLock<");
            self.write(range.end..range.end, ">");
            let range = made.expr.span().byte_range();
            self.write(range.start..range.start, "std::sync::LazyLock::new(|| ");
            self.write(range.end..range.end, ")");
        }
    }

    fn visit_type(&mut self, _: &'ast syn::Type) {}
    fn visit_expr_repeat(&mut self, repeat: &'ast syn::ExprRepeat) {
        self.visit_expr(&repeat.expr);
    }

    fn visit_expr_binary(&mut self, binary: &'ast syn::ExprBinary) {
        if let Some(choices) = self.choices(Genre::BinaryOperator, binary.op.span()) {
            let kind = Kind::Binary {
                left: binary.left.span().byte_range(),
                operator: binary.op.span().byte_range(),
                right: binary.right.span().byte_range(),
                choices,
            };
            self.sites.push(Site { range: binary.span().byte_range(), kind });
        }
        visit::visit_expr_binary(self, binary);
    }

    fn visit_expr_unary(&mut self, unary: &'ast syn::ExprUnary) {
        if let Some(choices) = self.choices(Genre::UnaryOperator, unary.op.span()) {
            let kind = Kind::Unary { operand: unary.expr.span().byte_range(), choices };
            self.sites.push(Site { range: unary.span().byte_range(), kind });
        }
        visit::visit_expr_unary(self, unary);
    }

    fn visit_arm(&mut self, arm: &'ast syn::Arm) {
        let condition = arm.guard.as_ref().map(|(_, condition)| condition);
        let choices = condition.and_then(|condition| self.choices(Genre::MatchArmGuard, condition.span()));
        let gone = self.choices(Genre::MatchArm, arm.span()).and_then(|choices| choices.first().map(|choice| choice.0));
        if choices.is_some() || gone.is_some() {
            let range = arm.pat.span().byte_range().end..arm.fat_arrow_token.span().byte_range().start;
            let kind = Kind::Guard {
                condition: condition.map(|condition| condition.span().byte_range()),
                is_let: condition.is_some_and(|condition| has_let(condition)),
                choices: choices.unwrap_or_default(),
                gone,
            };
            self.sites.push(Site { range, kind });
        }
        visit::visit_arm(self, arm);
    }

    fn visit_expr_struct(&mut self, made: &'ast syn::ExprStruct) {
        for field in &made.fields {
            let choices = self.choices(Genre::StructField, field.span());
            if let (Some(choices), Some(base), syn::Member::Named(name)) = (choices, &made.rest, &field.member) {
                let choices = choices.into_iter().map(|(number, _)| (number, name.to_string())).collect();
                let kind = Kind::Field { base: base.span().byte_range(), named: field.colon_token.is_none(), choices };
                self.sites.push(Site { range: field.expr.span().byte_range(), kind });
            }
        }
        visit::visit_expr_struct(self, made);
    }
}

fn opaque(signature: &syn::Signature) -> Option<&syn::TypeImplTrait> {
    match &signature.output {
        syn::ReturnType::Type(_, output) => match &**output {
            syn::Type::ImplTrait(output) => Some(output),
            _ => None,
        },
        syn::ReturnType::Default => None,
    }
}

fn has_let(condition: &syn::Expr) -> bool {
    match condition {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}
