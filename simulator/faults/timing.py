"""What happens to reports and replies on their way out: lost, late, again, out of order.

A schedule has the moments at which each thing goes out: one at first, none if lost, several if repeated.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from simulator.faults.fault import Fault
from simulator.faults.trouble import Chance, drawn_seconds, number
from simulator.world import Moment

Times = tuple[Moment, ...]


@dataclass(frozen=True, slots=True)
class Schedule:
    """When each report and each reply of one message goes out."""

    reports: tuple[Times, ...]
    replies: tuple[Times, ...]


def change(schedule: Schedule, fault: Fault, chance: Chance) -> Schedule:
    """The schedule after one fault; unchanged when the fault is not one of timing."""
    rule = RULES.get(fault.name)
    return rule(schedule, fault, chance) if rule else schedule


def _reports(rule: Callable[[Times, Fault, Chance], Times]) -> Callable[[Schedule, Fault, Chance], Schedule]:
    def changed(schedule: Schedule, fault: Fault, chance: Chance) -> Schedule:
        return Schedule(tuple(rule(times, fault, chance) for times in schedule.reports), schedule.replies)

    return changed


def _replies(rule: Callable[[Times, Fault, Chance], Times]) -> Callable[[Schedule, Fault, Chance], Schedule]:
    def changed(schedule: Schedule, fault: Fault, chance: Chance) -> Schedule:
        return Schedule(schedule.reports, tuple(rule(times, fault, chance) for times in schedule.replies))

    return changed


def _lost(times: Times, fault: Fault, chance: Chance) -> Times:
    return ()


def _late(times: Times, fault: Fault, chance: Chance) -> Times:
    late = round(drawn_seconds(fault, chance) * 1000)
    return tuple(Moment(each + late) for each in times)


def _again(times: Times, fault: Fault, chance: Chance) -> Times:
    gap = round(number(fault, "gap") * 1000)
    more = range(1, int(number(fault, "times")) + 1)
    return (*times, *(Moment(times[-1] + n * gap) for n in more)) if times else ()


def _reordered(schedule: Schedule, fault: Fault, chance: Chance) -> Schedule:
    """Several reports swap their moments; a single one is pushed back at random, and others overtake it."""
    if len(schedule.reports) > 1:
        return Schedule(schedule.reports[::-1], schedule.replies)
    back = round(number(fault, "seconds") * 1000 * chance("shuffle"))
    return Schedule(
        tuple(tuple(Moment(at + back) for at in each) for each in schedule.reports), schedule.replies
    )


def _reply_first(schedule: Schedule, fault: Fault, chance: Chance) -> Schedule:
    """Reports that would come before or with the first reply come one second after it."""
    replies = [at for times in schedule.replies for at in times]
    if not replies:
        return schedule
    earliest = Moment(min(replies) + 1_000)
    reports = tuple(tuple(max(at, earliest) for at in times) for times in schedule.reports)
    return Schedule(reports, schedule.replies)


RULES: dict[str, Callable[[Schedule, Fault, Chance], Schedule]] = {
    "report_lost": _reports(_lost),
    "report_late": _reports(_late),
    "report_duplicated": _reports(_again),
    "report_reordered": _reordered,
    "reply_lost": _replies(_lost),
    "reply_late": _replies(_late),
    "reply_duplicated": _replies(_again),
    "reply_first": _reply_first,
}
