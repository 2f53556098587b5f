//! A checked rule as a program: decided at the speed of code written by hand
//! for that one rule, with the same answers as the interpreter.

pub(crate) mod aggregate;
pub(crate) mod compile;
pub(crate) mod computed;
pub(crate) mod evaluation;
pub(crate) mod flow;
mod instruction;
mod item_index;
mod item_keys;
mod key_table;
mod linear;
mod lookup;
pub(crate) mod numeric;
pub(crate) mod operand;
pub(crate) mod test;

use std::sync::Arc;

use crate::interpret::Decision;
use crate::rule::Rule;
use crate::schema::ListName;
use crate::transaction::Layout;
use crate::value::Truth;

pub use compile::{NotInLayout, Optimisations};
pub use evaluation::{Evaluation, Scratch};

use compile::{Compiler, Memoise};
use flow::Flow;
use test::Test;

/// A rule compiled for the transactions of one layout.
///
/// Immutable, `Send + Sync` and cheap to clone; it owns what it needs.
/// Deciding allocates nothing once the scratch space is warm.
///
/// ```
/// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
/// let limits = Limits::default();
/// let text = r#"currentTxn.value > 500 && currentCustomer.slabName == "Gold""#;
/// let ast = Ast::from_text(text, &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let program = layout.compile(&rule)?;
///
/// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
/// let mut transaction = layout.blank();
/// for (document, expected) in [
///     (r#"{"currentTxn": {"value": 730.50},
///          "currentCustomer": {"slabName": "Gold"}}"#, Truth::True),
///     (r#"{"currentTxn": {"value": 12}}"#, Truth::False),
///     (r#"{"currentTxn": {"value": 730.50}}"#, Truth::Unknown),
/// ] {
///     layout.read_into(document, &limits, &mut transaction)?;
///     let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
///     assert_eq!(program.decide(&mut evaluation), expected);
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Program {
    code: Arc<CompiledRule>,
}

#[derive(Debug)]
struct CompiledRule {
    rule: Rule,
    layout: Layout,
    flow: Flow<Test>,
    /// The list that it is decided for one by one, by its number in the layout.
    unrolls: Option<usize>,
}

impl Layout {
    /// Compiles a rule for the transactions of this layout.
    ///
    /// Fails where the layout was not made for the rule. Cost is linear in
    /// the size of the rule.
    ///
    /// ```
    /// use target_rules::program::NotInLayout;
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// assert!(Layout::of([&rule]).compile(&rule).is_ok());
    /// assert_eq!(Layout::of([]).compile(&rule).err(), Some(NotInLayout));
    /// # Ok::<(), target_rules::Diagnostics>(())
    /// ```
    pub fn compile(&self, rule: &Rule) -> Result<Program, NotInLayout> {
        self.compile_with(rule, &Optimisations::default())
    }

    /// The same with some optimisations switched off; the answers are the same.
    ///
    /// ```
    /// use target_rules::program::Optimisations;
    /// use target_rules::{Ast, Layout, Limits, Schema};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let mut plain = Optimisations::default();
    /// plain.bounds = false;
    /// let program = Layout::of([&rule]).compile_with(&rule, &plain)?;
    /// assert_eq!(program.rule(), &rule);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn compile_with(&self, rule: &Rule, optimisations: &Optimisations) -> Result<Program, NotInLayout> {
        let compiler = Compiler::new(&self.plan, *optimisations, Memoise::No);
        let formula = match optimisations.join {
            true => compiler.condition(rule.condition())?,
            false => compiler.condition(&rule.condition_unjoined())?,
        };
        let flow = Flow::with(formula, compiler.keyed());
        let unrolls = match rule.unrolled_list() {
            Some(list) => Some(self.unrolled(list).ok_or(NotInLayout)?),
            None => None,
        };
        Ok(Program {
            code: Arc::new(CompiledRule { rule: rule.clone(), layout: self.clone(), flow, unrolls }),
        })
    }

    fn unrolled(&self, list: ListName) -> Option<usize> {
        self.plan.list(crate::typed::TRANSACTION, list)
    }
}

impl Program {
    /// The rule that was compiled.
    pub fn rule(&self) -> &Rule {
        &self.code.rule
    }

    /// Decides the rule: true, false or unknown.
    ///
    /// For a rule that is decided per line item or tender, the positions for
    /// which it is true are in [`Evaluation::items`] afterwards. A transaction
    /// of another layout is decided too, by the interpreter: slowly, and what
    /// it was not read for is absent.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Truth, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentLineItem.qty > 2", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let program = layout.compile(&rule)?;
    /// let document = r#"{"currentTxn": {"lineItems": [{"qty": 1}, {"qty": 3}]}}"#;
    /// let transaction = layout.read(document, &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// assert_eq!(program.decide(&mut evaluation), Truth::True);
    /// assert_eq!(evaluation.items(), [1]); // positions from 0
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[inline]
    pub fn decide(&self, evaluation: &mut Evaluation<'_>) -> Truth {
        let code = &*self.code;
        if !evaluation.is_for(&code.layout) {
            return evaluation.decide_plainly(&code.rule);
        }
        match code.unrolls {
            None => code.flow.decide(evaluation),
            Some(list) => code.flow.decide_each(evaluation, list),
        }
    }

    /// Decides the rule and says why where it is unknown. The reasons are
    /// gathered by the interpreter, and only then.
    ///
    /// ```
    /// use target_rules::{Ast, Evaluation, Layout, Limits, Schema, Scratch, Zone};
    /// let limits = Limits::default();
    /// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
    /// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
    /// let layout = Layout::of([&rule]);
    /// let transaction = layout.read("{}", &limits)?;
    /// let (mut scratch, zone) = (Scratch::default(), Zone::UTC);
    /// let mut evaluation = Evaluation::new(&transaction, &zone, &mut scratch);
    /// let decision = layout.compile(&rule)?.decision(&mut evaluation);
    /// assert!(decision.result.is_unknown());
    /// assert_eq!(decision.absent, ["currentTxn.value"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn decision(&self, evaluation: &mut Evaluation<'_>) -> Decision {
        match self.decide(evaluation) {
            Truth::Unknown => self.code.rule.decide(evaluation.transaction(), evaluation.zone()),
            result => Decision::of(result, evaluation.items().to_vec()),
        }
    }
}
