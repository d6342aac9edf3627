#!/usr/bin/env python3
"""Checks audit bundles without any of Tallystick's own code.

    python3 verify.py --fingerprint 9f86d081… [--format text|json] [--ed25519 auto|package|arithmetic] BUNDLE …

Written from docs/bundle.md, docs/wire-format.md and the standards they name. Needs Python 3.11 and nothing else. Exit
status: 0 sound, 2 something is not what it must be, 64 the command was not understood. With --format json there is one
line for each bundle.
"""

import argparse
import json
import re
import sys

import ed25519
from bundle import Bundle, Incomplete, Unusable
from findings import Report
from replay import Replay
from roster import Fault, bootstrap
from strictcbor import Refused

SOUND, INTEGRITY, USAGE = 0, 2, 64


class Parser(argparse.ArgumentParser):
    def error(self, message):
        self.print_usage(sys.stderr)
        self.exit(USAGE, f"verify.py: error: {message}\n")


def fingerprint(text):
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text):
        raise argparse.ArgumentTypeError("a fingerprint has 64 hexadecimal digits")
    return bytes.fromhex(text)


def check(directory, pinned):
    """The report on one bundle."""
    report = Report(directory)
    try:
        bundle = Bundle(directory)
        report.fetched_at = bundle.fetched_at_text
        for words in bundle.manifest_faults():
            report.add("manifest", "bundle", None, words)
        roster = bootstrap(bundle.partnership(), pinned, bundle.fetched_at)
        if roster.register_origin is None:
            raise Unusable("the partnership file enrols no broker, so nobody signs a register")
        replay = Replay(roster, bundle.heads(), bundle.fetched_at, report)
        for number in range(bundle.pages):
            try:
                page = bundle.page(number)
            except Incomplete as incomplete:
                replay.miss_page(str(incomplete))
                continue
            replay.take_page(page)
        replay.finish(bundle.receipts(), bundle.cosigned())
    except Fault as fault:
        report.add("partnership", "board", getattr(fault, "index", None), fault.code)
    except Refused as refused:
        report.add("partnership", "board", None, str(refused))
    except Incomplete as incomplete:
        report.add("manifest", "bundle", None, str(incomplete))
    return report


def main(arguments):
    description = "Checks audit bundles without any of Tallystick's own code."
    parser = Parser(prog="verify.py", description=description)
    help_text = "a directory that audit fetch or audit bundle made"
    parser.add_argument("bundles", nargs="+", metavar="BUNDLE", help=help_text)
    channel = "the board's, learnt over another channel"
    parser.add_argument("--fingerprint", required=True, type=fingerprint, help=channel)
    parser.add_argument("--format", choices=("text", "json"), default="text")
    parser.add_argument("--ed25519", choices=("auto", "package", "arithmetic"), default="auto")
    options = parser.parse_args(arguments)
    ed25519.choose(options.ed25519)
    status = SOUND
    for directory in options.bundles:
        try:
            report = check(directory, options.fingerprint)
        except Unusable as unusable:
            sys.stderr.write(f"verify.py: error: {unusable}\n")
            return USAGE
        as_line = json.dumps(report.as_json(), separators=(",", ":"))
        print(report.text() if options.format == "text" else as_line)
        status = max(status, report.exit_code)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
