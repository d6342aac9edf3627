"""Which entry of a page belongs to which leaf of it (docs/bundle.md, The checks, step 3)."""

from dataclasses import dataclass, field

from merkle import leaf_hash


@dataclass
class Places:
    """The verdicts of a page by register position, and the positions by leaf hash."""

    records: dict = field(default_factory=dict)
    by_leaf: dict = field(default_factory=dict)
    is_covered: object = None

    def add(self, position, record):
        self.records[position] = record
        self.by_leaf.setdefault(record.leaf, position)


def assign(entries, places, report, register):
    """The entry of each position, and those that bring an earlier statement once more."""
    assigned, others, again, last = {}, [], [], -1
    present = {entry.position for entry in entries if entry.position == entry.statement_position}
    for entry in entries:
        position = entry.statement_position
        if _is_given_again(entry, present, places):
            again.append(entry)
            continue
        record = places.records.get(position)
        if entry.position != position or record is None:
            others.append(entry)
            continue
        if position in assigned:
            report.add("repeated", record.origin, record.index)
            continue
        if position < last:
            report.add("reordered", record.origin, record.index)
        last = position
        if entry.index != record.index:
            report.add("entry-misplaced", record.origin, record.index)
        assigned[position] = entry
    for entry in others:
        _assign_elsewhere(entry, places, assigned, report, register)
    return assigned, again


def _is_given_again(entry, present, places):
    giver = places.records.get(entry.position)
    if entry.statement_position >= entry.position or giver is None:
        return False
    is_elsewhere = entry.statement_position not in places.records or entry.statement_position in present
    return is_elsewhere and giver.leaf != leaf_hash(entry.statement)


def _assign_elsewhere(entry, places, assigned, report, register):
    """An entry whose two positions differ, or are none of this page: its bytes may still say where it belongs."""
    found = leaf_hash(entry.statement)
    free = [
        position
        for position in (entry.statement_position, entry.position)
        if position in places.records and position not in assigned
    ]
    fitting = [position for position in free if places.records[position].leaf == found]
    if not free:
        report.add("unregistered", register, entry.statement_position)
        return
    position = (fitting or free)[0]
    record = places.records[position]
    report.add("entry-misplaced", record.origin, record.index)
    assigned[position] = entry
