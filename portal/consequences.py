"""What follows from what: ONE table. `now` runs in the same deed, `later` becomes a job per event."""

import pkgutil
from importlib import import_module
from importlib.util import find_spec

import portal
from portal.books.events import MonthClosed, MonthControlled
from portal.books.month import mails as month_mails
from portal.books.own import copies
from portal.contracts import automatic
from portal.contracts import mails as contract_mails
from portal.contracts.events import (
    ConditionsProposed,
    ContractAgreed,
    ContractEnded,
    ContractInForce,
    ContractPartlyCountersigned,
    ContractPartlySigned,
    ContractRefused,
    ContractRenewed,
    ContractSent,
    ContractSigned,
    NoticeGiven,
    NoticeLifted,
    RoundAsked,
)
from portal.contracts.lifetime import mails as mails_life
from portal.contracts.signature import mails as mails_signing
from portal.contracts.signature import presealed
from portal.deals import actions as deals
from portal.deals.events import (
    ClientCredited,
    ClientInvoiced,
    ClientPaid,
    ClientRefunded,
    DealCancelled,
    DealChanged,
    DealDecided,
    DealSigned,
    PaymentCorrected,
)
from portal.earnings import actions as earnings
from portal.earnings import forecast, qualified
from portal.earnings import mails as earning_mails
from portal.earnings.events import (
    AdjustmentWaits,
    ClaimAnswered,
    ClaimOpened,
    ClaimWritten,
    Earned,
    Released,
)
from portal.gifts.events import (
    GiftTakenBack,
    RewardApproved,
    RewardAvailable,
    RewardOrdered,
    RewardReceived,
    RewardRefused,
    RewardSent,
    WishAnswered,
    WishMade,
)
from portal.gifts.orders import codes
from portal.gifts.orders import mails as order_mails
from portal.gifts.points import expiring as points_expiring
from portal.gifts.points import following
from portal.gifts.register import recording
from portal.gifts.rewards import mails as reward_mails
from portal.invoicing import mails as paper_mails
from portal.invoicing import rectifying
from portal.invoicing import tasks as printing
from portal.invoicing.barter import making, undoing
from portal.invoicing.events import (
    OwnInvoiceAccepted,
    OwnInvoiceCompared,
    OwnInvoiceRefused,
    PaperContested,
    PaperIssued,
    PaperPrinted,
)
from portal.invoicing.received import mails as received_mails
from portal.jobs.queue import enqueue_for
from portal.kit import events
from portal.kit.events import Event, Follows
from portal.leads import actions as leads
from portal.leads import mails as lead_mails
from portal.leads.assignment import choosing
from portal.leads.assignment import mails as assignment_mails
from portal.leads.conversation import asking
from portal.leads.dossier import merging, tasking
from portal.leads.events import (
    DisputeMoved,
    EarnsDecided,
    ExtensionSaid,
    LeadAssigned,
    LeadMoved,
    LeadNoted,
    LeadNudged,
    LeadSubmitted,
    ProspectAnswered,
)
from portal.leads.priority import disputes, registers
from portal.leads.priority import mails as priority_mails
from portal.payouts import mails as payout_mails
from portal.payouts.events import (
    LineFailed,
    LineSettled,
    RunApproved,
    RunPrepared,
    RunSaid,
    RunSent,
    TransferTroubled,
)
from portal.payouts.stripe import mails as stripe_mails
from portal.plans.events import CampaignEndMoved, CampaignPublished, PlanVersionPublished
from portal.referrers import confirming
from portal.referrers import mails as referrer_mails
from portal.referrers.events import (
    ApplicationConfirmed,
    ApplicationRefused,
    BankDetailChanged,
    BankDetailDoubtful,
    BankDetailRefused,
    CeilingNear,
    DocumentAccepted,
    DocumentRefused,
    DocumentsAsked,
    PayeeProposed,
    ReferrerActivated,
    ReferrerApplied,
    ReferrerChanged,
    ReferrerInvited,
    StandingChanged,
)
from portal.referrers.joining import mails as joining_mails
from portal.referrers.vigilance import mails as document_mails
from portal.taxes.closing import mails as year_mails
from portal.taxes.events import YearClosed, YearControlled
from portal.taxes.partners import checking, counting

CONSEQUENCES: dict[type[Event], Follows] = {
    ReferrerInvited: Follows(),  # the invitation is mailed by people, who know the link
    ReferrerApplied: Follows(now=[automatic.draft_for_applicants]),
    ReferrerChanged: Follows(now=[automatic.draft_again]),
    ReferrerActivated: Follows(),
    ApplicationConfirmed: Follows(now=[joining_mails.tell_application]),
    ApplicationRefused: Follows(now=[joining_mails.tell_refused]),
    StandingChanged: Follows(
        now=[
            rectifying.list_papers,
            paper_mails.tell_to_rectify,
            referrer_mails.tell_status_changed,
            counting.count_standings,
        ]
    ),
    BankDetailChanged: Follows(now=[referrer_mails.tell_bank_changed]),
    BankDetailDoubtful: Follows(now=[referrer_mails.tell_bank_doubtful]),
    PayeeProposed: Follows(now=[referrer_mails.tell_payee_proposed]),
    BankDetailRefused: Follows(now=[referrer_mails.tell_bank_refused]),
    DocumentsAsked: Follows(now=[document_mails.tell_asked]),
    DocumentAccepted: Follows(now=[document_mails.tell_accepted]),
    DocumentRefused: Follows(now=[document_mails.tell_refused]),
    CeilingNear: Follows(now=[document_mails.tell_ceiling, confirming.ask_near_ceilings]),
    CampaignPublished: Follows(later=["contracts.announce_campaign"]),
    PlanVersionPublished: Follows(later=["contracts.announce_plan"]),
    CampaignEndMoved: Follows(later=["contracts.announce_campaign_end"]),
    ConditionsProposed: Follows(now=[contract_mails.tell_conditions]),
    ContractSent: Follows(now=[contract_mails.tell_sent]),
    ContractPartlySigned: Follows(now=[mails_signing.tell_next]),
    ContractSigned: Follows(now=[presealed.countersign_ahead, contract_mails.tell_signed]),
    ContractPartlyCountersigned: Follows(now=[mails_signing.tell_next_countersigner]),
    ContractRefused: Follows(now=[contract_mails.tell_refused]),
    ContractAgreed: Follows(now=[mails_life.tell_agreed], later=["contracts.render"]),
    ContractEnded: Follows(
        now=[automatic.close_who_has_no_other, points_expiring.leave_time, mails_life.tell_ended]
    ),
    ContractRenewed: Follows(now=[mails_life.tell_renewed]),
    NoticeGiven: Follows(now=[mails_life.tell_notice], later=["contracts.print_letter"]),
    NoticeLifted: Follows(now=[mails_life.tell_lifted]),
    RoundAsked: Follows(later=["contracts.amend_all"]),
    ContractInForce: Follows(
        now=[
            leads.adopt_contract,
            earnings.contract_stands,
            qualified.contract_stands,
            contract_mails.tell_in_force,
        ],
    ),
    LeadSubmitted: Follows(
        now=[
            choosing.assign_new,
            tasking.call_back_submitted,
            lead_mails.tell_received,
            lead_mails.tell_prospect,
            registers.ask_later,
        ]
    ),
    ProspectAnswered: Follows(now=[tasking.call_back_asked, lead_mails.tell_answered]),
    LeadNoted: Follows(now=[asking.note_words, lead_mails.tell_noted]),
    LeadNudged: Follows(now=[lead_mails.tell_nudged]),
    ExtensionSaid: Follows(now=[priority_mails.tell_extension]),
    DisputeMoved: Follows(now=[priority_mails.tell_dispute]),
    LeadAssigned: Follows(now=[assignment_mails.tell_assigned]),
    EarnsDecided: Follows(now=[deals.look_again, qualified.accrue]),
    LeadMoved: Follows(
        now=[
            asking.note_moves,
            merging.give_their_turn,
            leads.let_the_next_in,
            disputes.drop,
            tasking.follow,
            qualified.accrue,
            lead_mails.tell_moved,
            lead_mails.tell_prospect_in_turn,
        ]
    ),
    DealSigned: Follows(now=[earnings.accrue, forecast.foresee_later]),
    DealChanged: Follows(now=[earnings.accrue, forecast.foresee_later]),
    DealDecided: Follows(now=[earnings.accrue]),
    ClientInvoiced: Follows(now=[earnings.accrue]),
    ClientCredited: Follows(now=[earnings.accrue]),
    PaymentCorrected: Follows(now=[earnings.accrue]),
    ClientPaid: Follows(now=[earnings.accrue]),
    ClientRefunded: Follows(now=[earnings.accrue]),
    DealCancelled: Follows(now=[earnings.accrue, forecast.foresee_later]),
    Earned: Follows(now=[earning_mails.tell_earned, forecast.foresee_later]),
    Released: Follows(now=[following.follow_later]),
    ClaimOpened: Follows(now=[earning_mails.tell_claimed]),
    ClaimWritten: Follows(now=[earning_mails.tell_claim_written]),
    ClaimAnswered: Follows(now=[earning_mails.tell_claim_answered]),
    AdjustmentWaits: Follows(now=[earning_mails.tell_adjustment_waits]),
    RewardAvailable: Follows(later=["gifts.tell_available"]),
    WishMade: Follows(now=[reward_mails.tell_wished]),
    WishAnswered: Follows(now=[reward_mails.tell_answered]),
    RewardOrdered: Follows(now=[order_mails.tell_ordered]),
    RewardApproved: Follows(now=[checking.check, making.make, codes.give, order_mails.tell_approved]),
    RewardRefused: Follows(now=[order_mails.tell_refused]),
    RewardSent: Follows(now=[recording.note_sent, order_mails.tell_sent]),
    RewardReceived: Follows(),
    GiftTakenBack: Follows(now=[undoing.undo, counting.count_gifts]),
    PaperIssued: Follows(now=[printing.print_later, printing.send_by_platform, paper_mails.tell_issued]),
    OwnInvoiceCompared: Follows(now=[received_mails.tell_received], later=["invoicing.answer_own"]),
    OwnInvoiceAccepted: Follows(now=[received_mails.tell_accepted], later=["invoicing.answer_own"]),
    OwnInvoiceRefused: Follows(now=[received_mails.tell_refused], later=["invoicing.answer_own"]),
    PaperContested: Follows(now=[paper_mails.tell_contested]),
    RunPrepared: Follows(now=[payout_mails.tell_prepared]),
    RunSaid: Follows(now=[payout_mails.tell_said]),
    RunApproved: Follows(),
    MonthControlled: Follows(now=[month_mails.tell_controlled]),
    PaperPrinted: Follows(now=[copies.send]),
    MonthClosed: Follows(later=["books.pack"]),
    YearControlled: Follows(now=[year_mails.tell_controlled]),
    YearClosed: Follows(later=["taxes.hand_out_papers"]),
    RunSent: Follows(now=[payout_mails.tell_sent], later=["invoicing.tell_paid"]),
    LineSettled: Follows(now=[counting.count_transfers], later=["invoicing.tell_cashed"]),
    LineFailed: Follows(now=[payout_mails.tell_failed, counting.count_transfers]),
    TransferTroubled: Follows(now=[stripe_mails.tell_troubled]),
}


def install() -> None:
    load_tasks()
    events.install(CONSEQUENCES, enqueue_for)


def load_tasks() -> None:
    """Every domain's tasks, so that a job enqueued anywhere finds its work everywhere."""
    for package in pkgutil.iter_modules(portal.__path__):
        if package.ispkg and find_spec(f"portal.{package.name}.tasks"):
            import_module(f"portal.{package.name}.tasks")
