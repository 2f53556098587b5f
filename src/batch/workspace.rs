//! What a worker decides documents in.

use crate::diagnostic::{Diagnostics, Input};
use crate::limits::Limits;
use crate::program::{Evaluation, Scratch};
use crate::transaction::{Layout, Transaction};
use crate::value::Zone;

/// A transaction and a scratch space, used for one document after the other:
/// the state of a worker that decides.
///
/// ```
/// use target_rules::batch::Workspace;
/// use target_rules::{Ast, Layout, Limits, Schema, Truth, Zone};
/// let (limits, zone) = (Limits::default(), Zone::UTC);
/// let ast = Ast::from_text("currentTxn.value > 500", &limits)?;
/// let rule = ast.check(&Schema::standard(), &limits).into_rule()?;
/// let layout = Layout::of([&rule]);
/// let program = layout.compile(&rule)?;
///
/// let mut workspace = Workspace::new(&layout);
/// let document = r#"{"currentTxn": {"value": 730.50}}"#;
/// let mut evaluation = workspace.read(document, &limits, &zone)?;
/// assert_eq!(program.decide(&mut evaluation), Truth::True);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct Workspace {
    // Beside the transaction, which has a handle of it: no handle is made for a
    // document, for all workers would count it at one place.
    layout: Layout,
    transaction: Transaction,
    scratch: Scratch,
}

impl Workspace {
    /// A workspace for documents that are read for a layout.
    pub fn new(layout: &Layout) -> Workspace {
        Workspace { layout: layout.clone(), transaction: layout.blank(), scratch: Scratch::default() }
    }

    /// Reads a document in the place of the last one, and starts its decision;
    /// its dates are seen in `zone`.
    ///
    /// Allocates nothing once the buffers have grown to the documents. Fails as
    /// [`Layout::read_into`] does.
    pub fn read<'w>(
        &'w mut self,
        document: &(impl Input + ?Sized),
        limits: &Limits,
        zone: &'w Zone,
    ) -> Result<Evaluation<'w>, Diagnostics> {
        let Workspace { layout, transaction, scratch } = self;
        layout.read_into(document, limits, transaction)?;
        Ok(Evaluation::new(transaction, zone, scratch))
    }
}
