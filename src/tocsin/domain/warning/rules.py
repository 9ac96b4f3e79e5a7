"""Who may raise, approve, extend and end an alert, in what order, and what it says."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import msgspec

from tocsin.domain.approval import Approval
from tocsin.domain.subject import Context, Subject
from tocsin.domain.warning.alert import Alert, Proposal, evolve
from tocsin.domain.warning.checks import require_finished
from tocsin.domain.warning.commands import (
    ApproveAlert,
    CancelAlert,
    ClearAlert,
    ConfirmAlert,
    DraftAlert,
    EscalateAlert,
    ExpireAlert,
    RaiseAlert,
    RejectAlert,
    RemindAlert,
    SubmitAlert,
    UpdateAlert,
)
from tocsin.domain.warning.events import (
    EVENTS,
    AlertCancelled,
    AlertCleared,
    AlertConfirmed,
    AlertDrafted,
    AlertEscalated,
    AlertExpired,
    AlertRaised,
    AlertRejected,
    AlertReminded,
    AlertSubmitted,
    AlertUpdated,
)
from tocsin.domain.warning.templates import stream_of, templates_of, wording
from tocsin.domain.warning.terms import OUT, STANDING, STANDS, Phase, Stage, Threat, Waiting
from tocsin.kernel.errors import Invalid, Refused, Unknown
from tocsin.kernel.event import Command, Event, kind_of

Steps = Mapping[type[Command], tuple[Stage, ...]]


def _warned(stage: Stage) -> Steps:
    """What may be done to an alert that people have been warned of."""
    return {
        # Where it stays as it is, the update waits for a second person.
        UpdateAlert: (Stage.UPDATED,) if stage is Stage.UPDATED else (Stage.UPDATED, stage),
        ApproveAlert: (Stage.UPDATED,),
        RejectAlert: (stage,),
        ConfirmAlert: (stage,),
        EscalateAlert: (stage,),
        RemindAlert: (stage,),
        ClearAlert: (Stage.ALL_CLEAR,),
        CancelAlert: (Stage.CANCELLED,),
        ExpireAlert: (Stage.EXPIRED,),
    }


# Read as: an alert in this stage can be changed by these commands, and is then in one of these stages. Where there are
# two, the realm's approval policy decides. Whatever is not here is refused.
TRANSITIONS: Mapping[Stage, Steps] = {
    Stage.NEW: {DraftAlert: (Stage.DRAFT,), RaiseAlert: (Stage.ISSUED, Stage.PENDING)},
    Stage.DRAFT: {
        UpdateAlert: (Stage.DRAFT,),
        SubmitAlert: (Stage.ISSUED, Stage.PENDING),
        RejectAlert: (Stage.REJECTED,),
    },
    Stage.PENDING: {
        ApproveAlert: (Stage.ISSUED,),
        RejectAlert: (Stage.REJECTED,),
        # Whoever has found their mistake gives one command, whether it has gone out meanwhile or not.
        CancelAlert: (Stage.REJECTED,),
        EscalateAlert: (Stage.PENDING,),
    },
    Stage.ISSUED: _warned(Stage.ISSUED),
    Stage.UPDATED: _warned(Stage.UPDATED),
    # An expired alert may be taken up again or properly ended; it must not stay unclear for ever.
    Stage.EXPIRED: {
        UpdateAlert: (Stage.UPDATED, Stage.EXPIRED),
        ApproveAlert: (Stage.UPDATED,),
        RejectAlert: (Stage.EXPIRED,),
        EscalateAlert: (Stage.EXPIRED,),
        ClearAlert: (Stage.ALL_CLEAR,),
        CancelAlert: (Stage.CANCELLED,),
    },
    Stage.ALL_CLEAR: {},
    Stage.CANCELLED: {},
    Stage.REJECTED: {},
}


def decide(alert: Alert, command: Command, context: Context) -> Sequence[Event]:
    """
    Raises:
        Unknown: If the alert or an area does not exist.
        Refused: If the alert's stage does not allow it, or the same person would approve or confirm their own alert.
        Invalid: If a field makes no sense, such as an end in the past or a placeholder left in a text.
    """
    if alert.stage is Stage.NEW and type(command) not in TRANSITIONS[Stage.NEW]:
        raise Unknown(f"there is no alert {getattr(command, 'alert', '')!r}", "alert")
    if type(command) not in TRANSITIONS[alert.stage]:
        raise Refused(f"an alert that is {alert.stage} cannot be changed by {kind_of(command)}", "alert")
    match command:
        case RaiseAlert() | DraftAlert():
            return [_raise(alert, command, context)]
        case SubmitAlert() | ApproveAlert() | RejectAlert():
            return [_judge(alert, command, context)]
        case UpdateAlert():
            return _update(alert, command, context)
        case ConfirmAlert():
            return [_confirm(alert, context)]
        case RemindAlert(minutes=minutes):
            return [_remind(alert, minutes, context)]
        case EscalateAlert():
            return _escalate(alert, context)
        case _:
            return [_end(alert, command, context)]


def _raise(alert: Alert, command: RaiseAlert | DraftAlert, context: Context) -> Event:
    context.city.require_areas(command.areas)
    _require_standing(command.phase, command.expires, context.now)
    texts, template = _words(command.threat, command.phase, command.texts, context)
    proposal = Proposal(
        number=alert.proposals + 1,
        phase=command.phase,
        areas=_unique(command.areas),
        threat=command.threat,
        texts=texts,
        expires=command.expires,
        template=template,
        by=context.actor.id,
    )
    if isinstance(command, DraftAlert):
        return AlertDrafted(alert=command.alert, **_fields(proposal))
    return _issue_or_ask(msgspec.structs.replace(alert, alert=command.alert), proposal, context)


def _judge(alert: Alert, command: SubmitAlert | ApproveAlert | RejectAlert, context: Context) -> Event:
    proposal = alert.proposal
    if proposal is None:
        raise Refused("nothing waits for approval", "alert")
    match command:
        case SubmitAlert():
            by_whom = msgspec.structs.replace(proposal, number=alert.proposals + 1, by=context.actor.id)
            return _issue_or_ask(alert, by_whom, context)
        case RejectAlert(reason=reason):
            return AlertRejected(alert=alert.alert, proposal=proposal.number, reason=reason, by=context.actor.id)
        case ApproveAlert(proposal=read):
            if read is not None and read != proposal.number:
                raise Refused(f"proposal {read} was replaced: {proposal.number} is waiting now", "proposal")
            if context.actor.id == proposal.by:
                # Hawaii 2018: one person alone could send.
                raise Refused("an alert is approved by a second person, not by the one who wants it out")
            return _issue(alert, proposal, context, second=context.actor.id)


def _issue_or_ask(alert: Alert, proposal: Proposal, context: Context) -> Event:
    if context.approvals.of(proposal.threat) is Approval.TWO_BEFORE:
        return _ask(alert, proposal, context)
    return _issue(alert, proposal, context)


def _ask(alert: Alert, proposal: Proposal, context: Context) -> AlertSubmitted:
    due = context.now + context.approvals.answer_within
    return AlertSubmitted(alert=alert.alert, answer_by=due, **_fields(proposal))


def _issue(alert: Alert, proposal: Proposal, context: Context, second: str = "") -> AlertRaised | AlertUpdated:
    """What goes out: at once, or with the second person who has approved it."""
    warned = alert.revision > 0
    # Of the two ends the later one: who extended the alert while a change of it waited must not find it cut short.
    ends = [end for end in (proposal.expires, alert.expires) if end is not None]
    expires = max(ends, default=context.now + STANDING)
    if expires <= context.now:
        raise Refused(f"it was to end at {expires.isoformat()}, which is past: write it anew")
    kind = AlertUpdated if warned else AlertRaised
    return kind(
        alert=alert.alert,
        revision=alert.revision + 1,
        phase=proposal.phase,
        areas=proposal.areas,
        threat=proposal.threat,
        texts=proposal.texts,
        expires=expires,
        by=proposal.by,
        confirmed_by=second,
        confirm_by=None if second else context.now + context.approvals.answer_within,
        template=proposal.template,
        proposal=proposal.number if second else None,
    )


def _update(alert: Alert, command: UpdateAlert, context: Context) -> list[Event]:
    if command.areas is not None:
        context.city.require_areas(command.areas)
    if alert.stage is Stage.DRAFT and alert.proposal is not None:
        changed = _changed(alert.proposal, alert.proposal.expires, command, context)
        _require_standing(changed.phase, changed.expires, context.now)
        return [] if _same(changed, alert.proposal) else [AlertDrafted(alert=alert.alert, **_fields(changed))]
    now = _as_it_stands(alert)
    changed = _changed(now, alert.expires, command, context)
    _require_standing(changed.phase, changed.expires, context.now)
    if _same(changed, now) and alert.stage in OUT:
        return []
    if context.approvals.of(changed.threat) is Approval.TWO_BEFORE and _says_more(alert, changed):
        return [_ask(alert, msgspec.structs.replace(changed, expires=command.expires), context)]
    return [_update_now(alert, changed, context)]


def _as_it_stands(alert: Alert) -> Proposal:
    return Proposal(
        number=alert.proposals,
        phase=alert.phase if alert.phase in STANDS else Phase.ALERT,
        areas=alert.areas,
        threat=alert.threat,
        texts=alert.texts,
        expires=alert.expires,
        template=alert.template,
        by=alert.raised_by,
    )


def _changed(before: Proposal, expires: datetime | None, command: UpdateAlert, context: Context) -> Proposal:
    """What it would say with the changes that a command names."""
    phase, threat = command.phase or before.phase, command.threat or before.threat
    own = command.texts or {}
    if phase is before.phase and threat is before.threat:
        require_finished(own)
        texts, template = before.texts | own, before.template
    else:
        texts, template = _words(threat, phase, own, context)
    return Proposal(
        number=before.number + 1,
        phase=phase,
        areas=before.areas if command.areas is None else _unique(command.areas),
        threat=threat,
        texts=texts,
        expires=command.expires or expires,
        template=template,
        by=context.actor.id,
    )


def _same(a: Proposal, b: Proposal) -> bool:
    return (a.phase, a.threat, a.expires, a.texts, a.areas) == (b.phase, b.threat, b.expires, b.texts, b.areas)


def _says_more(alert: Alert, changed: Proposal) -> bool:
    """Whether people would be told anything new. More time alone, or fewer areas, is none: it must not wait."""
    told = (alert.phase, alert.threat, alert.texts)
    return _sounds_more(alert, changed) or told != (changed.phase, changed.threat, changed.texts)


def _sounds_more(alert: Alert, changed: Proposal) -> bool:
    """Whether people would be alarmed who are not now."""
    louder = changed.phase is Phase.ALERT and alert.phase is not Phase.ALERT
    return louder or alert.stage is Stage.EXPIRED or not set(changed.areas) <= set(alert.areas)


def _update_now(alert: Alert, changed: Proposal, context: Context) -> AlertUpdated:
    asked = _sounds_more(alert, changed)
    return AlertUpdated(
        alert=alert.alert,
        revision=alert.revision + 1,
        phase=changed.phase,
        areas=changed.areas,
        threat=changed.threat,
        texts=changed.texts,
        expires=changed.expires or context.now + STANDING,
        # What alarms more people needs a second person once more; what does not is covered by the one who agreed.
        by=changed.by if asked else alert.raised_by,
        confirmed_by="" if asked else alert.confirmed_by,
        confirm_by=context.now + context.approvals.answer_within if asked else alert.confirm_by,
        template=changed.template,
    )


def _require_standing(phase: Phase, expires: datetime | None, now: datetime) -> None:
    if phase not in STANDS:
        raise Invalid(f"an alert is raised as pre_alert or alert, not {phase}", "phase")
    if expires is not None and expires <= now:
        raise Invalid("an alert must end in the future", "expires")


def _confirm(alert: Alert, context: Context) -> AlertConfirmed:
    if alert.confirmed_by:
        raise Refused(f"{alert.confirmed_by} has confirmed this alert already", "alert")
    if context.actor.id == alert.raised_by:
        raise Refused("an alert is confirmed by a second person, not by the one who raised it")
    return AlertConfirmed(alert=alert.alert, revision=alert.revision + 1, by=context.actor.id)


def _remind(alert: Alert, minutes: int, context: Context) -> AlertReminded:
    if alert.expires is None:
        raise Refused("the alert has no end", "alert")
    left = (alert.expires - context.now).total_seconds() / 60
    if not 0 < left <= minutes or (alert.reminded is not None and alert.reminded <= minutes):
        raise Refused(f"no reminder is due: {left:.0f} minutes are left", "alert")
    return AlertReminded(
        alert=alert.alert, revision=alert.revision, areas=alert.areas, expires=alert.expires, minutes=minutes
    )


def _escalate(alert: Alert, context: Context) -> list[Event]:
    events: list[Event] = []
    waits = alert.proposal
    if waits is not None and waits.answer_by is not None and waits.answer_by <= context.now and not waits.escalated:
        due = waits.answer_by
        events.append(_overdue(alert, Waiting.APPROVAL, waits.areas, waits.threat, waits.by, due))
    late = alert.confirm_by is not None and alert.confirm_by <= context.now
    if alert.confirm_by is not None and late and alert.unconfirmed and not alert.overdue and alert.stage in OUT:
        due = alert.confirm_by
        events.append(_overdue(alert, Waiting.CONFIRMATION, alert.areas, alert.threat, alert.raised_by, due))
    if not events:
        raise Refused("no second person is late", "alert")
    return events


def _overdue(
    alert: Alert, waiting: Waiting, areas: tuple[str, ...], threat: Threat, by: str, due: datetime
) -> AlertEscalated:
    return AlertEscalated(alert=alert.alert, waiting=waiting, areas=areas, threat=threat, by=by, due=due)


def _end(alert: Alert, command: Command, context: Context) -> Event:
    name, revision, areas = alert.alert, alert.revision + 1, alert.areas
    match command:
        case ClearAlert(texts=own):
            texts, template = _words(alert.threat, Phase.ALL_CLEAR, own, context)
            return AlertCleared(alert=name, revision=revision, areas=areas, texts=texts, template=template)
        case CancelAlert(reason=reason) if alert.stage is Stage.PENDING:
            return AlertRejected(alert=name, proposal=alert.proposals, reason=reason, by=context.actor.id)
        case CancelAlert(texts=own, reason=reason):
            texts, template = _words(alert.threat, Phase.CORRECTION, own, context)
            return AlertCancelled(
                alert=name, revision=revision, areas=areas, reason=reason, texts=texts, template=template
            )
        case _:
            if alert.expires is not None and context.now < alert.expires:
                raise Refused(f"the alert stands until {alert.expires.isoformat()}", "alert")
            return AlertExpired(alert=name, revision=revision, areas=areas)


def _words(threat: Threat, phase: Phase, own: dict[str, str], context: Context) -> tuple[dict[str, str], int | None]:
    """The prepared words with the officer's own in place of some, and the version of those that are left."""
    require_finished(own)
    ready = wording(threat, phase, templates_of(threat, context.others))
    return ready.texts | own, None if set(own) >= set(ready.texts) else ready.version


def _unique(areas: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(areas))


def _fields(proposal: Proposal) -> dict[str, Any]:
    names = ("phase", "areas", "threat", "texts", "expires", "template", "by")
    return {"proposal": proposal.number, **{name: getattr(proposal, name) for name in names}}


def _consults(command: Command) -> Sequence[str]:
    """The templates whose words may be needed."""
    match command:
        case RaiseAlert(threat=threat) | DraftAlert(threat=threat) | UpdateAlert(threat=Threat() as threat):
            return (stream_of(threat),)
        case UpdateAlert() | ClearAlert() | CancelAlert():
            # The command does not say of what threat its alert is.
            return tuple(map(stream_of, Threat))
        case _:
            return ()


ALERT = Subject(
    name="alert",
    id_field="alert",
    commands=(
        DraftAlert,
        SubmitAlert,
        ApproveAlert,
        RejectAlert,
        RaiseAlert,
        UpdateAlert,
        ConfirmAlert,
        ClearAlert,
        CancelAlert,
        ExpireAlert,
        RemindAlert,
        EscalateAlert,
    ),
    events=EVENTS,
    blank=Alert(),
    decide=decide,
    evolve=evolve,
    consults=_consults,
)
