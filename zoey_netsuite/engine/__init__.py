"""The engine: a durable work list, effects of two kinds, guards, reports. Syncs decide, the engine does.

Users subclass `Sync` or `SuiteQLSync`, write `Effect`s of their own, and plug in observers and dispatchers; the other
modules here are the engine's own.
"""

from zoey_netsuite.engine.attention import Attention, AttentionItem, Question
from zoey_netsuite.engine.desk import Timing
from zoey_netsuite.engine.dispatch import Dispatcher, Inline, Threads
from zoey_netsuite.engine.effects import BulkEffect, Clients, Done, Effect, Evidence, Kind, LookAgain
from zoey_netsuite.engine.findings import Adopted, Adoption, CheckFailed, Difference, Finding, Findings
from zoey_netsuite.engine.guards import Guard
from zoey_netsuite.engine.inquiry import Explanation
from zoey_netsuite.engine.makes import LinkTo, Makes
from zoey_netsuite.engine.marks import Mark
from zoey_netsuite.engine.netsuite_effects import CloseLines, CreateRecord, TransformRecord, UpdateRecord
from zoey_netsuite.engine.observe import (
    Event,
    Observer,
    Overdue,
    Progress,
    RunEnded,
    RunStarted,
    SystemFailed,
    SystemRecovered,
    UnitEnded,
)
from zoey_netsuite.engine.reconciling import Agree, Reconciled, Remember, reconcile
from zoey_netsuite.engine.refs import Ref
from zoey_netsuite.engine.report import Planned, Report, Skipped, SyncReport
from zoey_netsuite.engine.status import Status, SyncStatus
from zoey_netsuite.engine.suiteql_sync import SuiteQLSync
from zoey_netsuite.engine.sync import Sync, SyncContext, Window
from zoey_netsuite.engine.unit import Linked, Outcome, Page, Unit, Unreadable
from zoey_netsuite.engine.waits import Changed, Until, Wait
from zoey_netsuite.engine.zoey_documents import (
    CancelOrder,
    CreateCreditMemo,
    CreateInvoice,
    CreateShipment,
    HoldOrder,
    MarkedDocument,
)
from zoey_netsuite.engine.zoey_effects import AddOrderComment, SetStock, UpdateOrder

__all__ = [
    "AddOrderComment",
    "Adopted",
    "Adoption",
    "Agree",
    "Attention",
    "AttentionItem",
    "BulkEffect",
    "CancelOrder",
    "Changed",
    "CheckFailed",
    "Clients",
    "CloseLines",
    "CreateCreditMemo",
    "CreateInvoice",
    "CreateRecord",
    "CreateShipment",
    "Difference",
    "Dispatcher",
    "Done",
    "Effect",
    "Event",
    "Evidence",
    "Explanation",
    "Finding",
    "Findings",
    "Guard",
    "HoldOrder",
    "Inline",
    "Kind",
    "LinkTo",
    "Linked",
    "LookAgain",
    "Makes",
    "Mark",
    "MarkedDocument",
    "Observer",
    "Outcome",
    "Overdue",
    "Page",
    "Planned",
    "Progress",
    "Question",
    "Reconciled",
    "Ref",
    "Remember",
    "Report",
    "RunEnded",
    "RunStarted",
    "SetStock",
    "Status",
    "SuiteQLSync",
    "Sync",
    "SyncContext",
    "Skipped",
    "SyncReport",
    "SyncStatus",
    "SystemFailed",
    "SystemRecovered",
    "Threads",
    "Timing",
    "TransformRecord",
    "Unit",
    "UnitEnded",
    "Unreadable",
    "Until",
    "UpdateOrder",
    "UpdateRecord",
    "Wait",
    "Window",
    "reconcile",
]
