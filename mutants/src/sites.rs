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
    /// The start of a function's body, each choice a value to return at once.
    Body { choices: Choices },
    /// The value of a field, which the one choice takes from the rest of the struct instead.
    Field { base: Range<usize>, choices: Choices },
    /// `const` before a function, which cannot ask what has been chosen.
    Const,
    /// A table that a function makes, which asks what has been chosen and is therefore made when it is needed.
    Static { of: Range<usize>, made: Range<usize> },
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
    let mut finder = Finder { changes, sites: Vec::new() };
    finder.visit_file(&file);
    let mut sites = finder.sites;
    sites.sort_by_key(|site| (site.range.start, !site.range.is_empty(), std::cmp::Reverse(site.range.end)));
    Ok(sites)
}

struct Finder<'a> {
    changes: &'a Changes,
    sites: Vec<Site>,
}

impl Finder<'_> {
    fn choices(&self, genre: Genre, span: Span) -> Option<Choices> {
        let start = span.start();
        self.changes.get(&(genre, Place { line: start.line, column: start.column + 1 })).cloned()
    }

    fn body(&mut self, signature: &syn::Signature, block: &syn::Block) {
        let before = self.sites.len();
        // A function that returns `impl Trait` returns one type alone.
        if !matches!(&signature.output, syn::ReturnType::Type(_, output) if matches!(**output, syn::Type::ImplTrait(_)))
            && let Some(first) = block.stmts.first()
            && let Some(choices) = self.choices(Genre::FnValue, first.span())
        {
            let start = first.span().byte_range().start;
            self.sites.push(Site { range: start..start, kind: Kind::Body { choices } });
        }
        visit::visit_block(self, block);
        if let Some(constant) = signature.constness.filter(|_| self.sites.len() > before) {
            self.sites.push(Site { range: constant.span().byte_range(), kind: Kind::Const });
        }
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

    // A constant is settled before anything can be chosen.
    fn visit_item_const(&mut self, _: &'ast syn::ItemConst) {}
    fn visit_impl_item_const(&mut self, _: &'ast syn::ImplItemConst) {}
    fn visit_item_static(&mut self, made: &'ast syn::ItemStatic) {
        if matches!(*made.expr, syn::Expr::Call(_)) {
            let range = made.ty.span().byte_range().start..made.expr.span().byte_range().end;
            let kind = Kind::Static { of: made.ty.span().byte_range(), made: made.expr.span().byte_range() };
            self.sites.push(Site { range, kind });
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
            if let (Some(choices), Some(base), Some(_)) = (choices, &made.rest, field.colon_token) {
                let syn::Member::Named(name) = &field.member else { continue };
                let choices = choices.into_iter().map(|(number, _)| (number, name.to_string())).collect();
                let kind = Kind::Field { base: base.span().byte_range(), choices };
                self.sites.push(Site { range: field.expr.span().byte_range(), kind });
            }
        }
        visit::visit_expr_struct(self, made);
    }
}

fn has_let(condition: &syn::Expr) -> bool {
    match condition {
        syn::Expr::Let(_) => true,
        syn::Expr::Binary(binary) => has_let(&binary.left) || has_let(&binary.right),
        _ => false,
    }
}
