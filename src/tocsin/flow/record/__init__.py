"""The record's questions: each answer with what it counts, what it rests on, and what would change it."""

from tocsin.flow.record.asked import Asked, Chosen, attacks_at, choose
from tocsin.flow.record.counts import CountAnswer, MonthsAnswer, count, months
from tocsin.flow.record.deadliest import DeadliestAnswer, deadliest
from tocsin.flow.record.statements import Thread, threads
from tocsin.flow.record.warned import FalseAlarmAnswer, LeadAnswer, false_alarms, lead_times

__all__ = [
    "Asked",
    "Chosen",
    "CountAnswer",
    "DeadliestAnswer",
    "FalseAlarmAnswer",
    "LeadAnswer",
    "MonthsAnswer",
    "Thread",
    "attacks_at",
    "choose",
    "count",
    "deadliest",
    "false_alarms",
    "lead_times",
    "months",
    "threads",
]
