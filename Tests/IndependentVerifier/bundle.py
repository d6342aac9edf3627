"""The files of a bundle (docs/bundle.md, The files)."""

import calendar
import hashlib
import json
import os
import re
import stat

MANIFEST = "MANIFEST.sha256"
LARGEST = 64 << 20


class Unusable(Exception):
    """The directory is no bundle of the kind that can be checked; the words say why."""


class Incomplete(Exception):
    """A file that a bundle must have is missing, too large or no plain file."""


def read_file(directory, name):
    path = os.path.join(directory, name)
    try:
        status = os.lstat(path)
        if not stat.S_ISREG(status.st_mode) or status.st_size > LARGEST:
            raise Incomplete(f"{name} is no plain file of at most {LARGEST} bytes")
        with open(path, "rb") as file:
            return file.read()
    except OSError as error:
        raise Incomplete(f"{name}: {error.strerror}") from error


def instant(text):
    """Whole seconds since 1970 of an RFC 3339 time in UTC; parts of a second are dropped."""
    pattern = r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?Z"
    match = re.fullmatch(pattern, text) if type(text) is str else None
    try:
        return calendar.timegm(tuple(map(int, match.groups())) + (0, 0, 0))
    except (AttributeError, ValueError):
        raise Incomplete("bundle.json: fetchedAt is no time in UTC") from None


class Bundle:
    """A directory, opened."""

    def __init__(self, directory):
        self.directory = directory
        if not os.path.isdir(directory):
            raise Unusable(f"{directory} is no directory")
        try:
            facts = json.loads(read_file(directory, "bundle.json"))
            self.pages, self.covers = facts["pages"], facts["covers"]
            self.fetched_at_text = facts["fetchedAt"]
        except (ValueError, KeyError, TypeError) as error:
            raise Incomplete("bundle.json does not read") from error
        self.fetched_at = instant(self.fetched_at_text)
        if type(self.pages) is not int or not 0 <= self.pages <= 1_000_000:
            raise Incomplete("bundle.json: pages is no count")
        if self.covers != "mandate":
            raise Unusable(f"{directory} is one party's own feed: nothing can be said of the whole")

    def page(self, number):
        return read_file(self.directory, f"pages/{number:08}.cbor")

    def heads(self):
        return read_file(self.directory, "heads.cbor")

    def cosigned(self):
        """The final heads that came with the pages; None where nobody asked for them."""
        if not os.path.lexists(os.path.join(self.directory, "cosigned.cbor")):
            return None
        return read_file(self.directory, "cosigned.cbor")

    def partnership(self):
        return read_file(self.directory, "partnership.tally")

    def receipts(self):
        """The files of receipts, numbered without gaps, as far as the manifest names them; a bundle may have none."""
        named = self._manifest_names()
        names = [name for name in self._receipt_names() if named is None or name in named]
        return [read_file(self.directory, name) for name in names]

    def _receipt_names(self):
        names = []
        while os.path.lexists(os.path.join(self.directory, f"receipts/{len(names):08}.cbor")):
            names.append(f"receipts/{len(names):08}.cbor")
        return names

    def _manifest_names(self):
        """The files that the manifest names; None where there is no manifest."""
        if not os.path.lexists(os.path.join(self.directory, MANIFEST)):
            return None
        lines = read_file(self.directory, MANIFEST).decode("utf-8", "replace").splitlines()
        return {line[66:] for line in lines}

    def manifest_faults(self):
        """What is not as the manifest says, in words; none where there is no manifest."""
        if not os.path.lexists(os.path.join(self.directory, MANIFEST)):
            return []
        faults, named = [], set()
        for number, line in enumerate(read_file(self.directory, MANIFEST).decode("utf-8", "replace").splitlines(), 1):
            match = re.fullmatch(r"([0-9a-f]{64})  ([A-Za-z0-9._/-]+)", line)
            if match is None or ".." in match[2] or match[2].startswith("/") or match[2] in named:
                faults.append(f"line {number} does not read")
                continue
            named.add(match[2])
            try:
                if hashlib.sha256(read_file(self.directory, match[2])).hexdigest() != match[1]:
                    faults.append(f"{match[2]} has another hash")
            except Incomplete as incomplete:
                faults.append(str(incomplete))
        files = ["bundle.json", "heads.cbor", "partnership.tally"]
        files += [f"pages/{number:08}.cbor" for number in range(self.pages)] + self._receipt_names()
        return faults + [f"{name} is not named" for name in files if name not in named]
