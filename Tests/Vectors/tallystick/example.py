"""The worked example of docs/wire-format.md: the vector `record-home`, taken apart byte by byte."""

from scene import *  # noqa: F403
from statements import statement_vectors
from tallyformat import det


def parts(vector):
    """The statement as (bytes, meaning); together they are all of it, in order."""
    described = vector["compartments"][0]
    return [
        (b"\xd2\x84", "tag 18, COSE_Sign1: an array of four items"),
        (b"\x58\xd5", "item 1, the protected header: 213 bytes that hold"),
        (b"\xa5", "  a map of five labels"),
        (b"\x01\x32", "  1 alg: -19, Ed25519"),
        (b"\x03" + det("application/vnd.tallystick.statement+cbor"), "  3 content type, the same in every statement"),
        (b"\x04" + det(vector["key_id"]), "  4 kid: thumbprint of the key that signs"),
        (b"\x0f\xa4", "  15 claims: a map of four"),
        (b"\x01" + det(vector["origin"]), f"    1 iss: {vector['origin']}"),
        (b"\x02" + det(vector["stream"].hex()), "    2 sub: the stream, as 32 hexadecimal digits"),
        (b"\x06" + det(vector["issued_at"]), "    6 iat: 1772357400, 2026-03-01T09:30:00Z"),
        (b"\x07" + det(vector["event"]), "    7 cti: the event"),
        (b"\x10" + det("application/scitt-statement+cose"), "  16 typ, the same in every statement"),
        (b"\xa0", "item 2, the unprotected header: empty"),
        (b"\x59\x01\x10", "item 3, the payload: 272 bytes that hold"),
        (b"\xaa", "  a map of ten keys"),
        (b"\x01\x01", "  1 format: 1"),
        (b"\x02" + det(vector["stream"]), "  2 stream"),
        (b"\x03\x01", "  3 sequence: 1, after the circle at 0"),
        (b"\x04" + det(vector["previous"]), "  4 SHA-256 of the circle statement"),
        (b"\x05\x83", "  5 seen: three items"),
        (det(SEEN["origin"]), f"    the register: {SEEN['origin']}"),
        (b"\x07", "    its size: 7 leaves"),
        (det(SEEN["root"]), "    its root at that size"),
        (b"\x06\x01", "  6 kind: 1, record"),
        (b"\x07\x81\x8a", "  7 compartments: one, of ten items"),
        (det(described["id"]), "    its identifier"),
        (det(described["label"]), "    label: record"),
        (det(described["padded_length"]), "    padded length: 256"),
        (det(described["content_hash"]), "    SHA-256 of what is carried"),
        (b"\xf6", "    no wrap: it is kept at home"),
        (det(described["key_commitment"]), "    commitment to its content key"),
        (det(described["field_root"]), "    field root"),
        (b"\x00", "    reader: 0, home"),
        (b"\x80", "    no caveats"),
        (b"\xf6", "    no expiry"),
        (b"\x08\x80", "  8 grants: none"),
        (b"\x09\xf6", "  9 decision: none, nothing is shared"),
        (b"\x0a\xf6", "  10 control body: none"),
        (b"\x58\x40" + vector["statement"][-64:], "item 4, the signature: 64 bytes"),
    ]


def lines(data, meaning, width=34):
    """One row of bytes with its meaning, and further rows for the rest of the bytes."""
    rows = [data[start:start + width] for start in range(0, len(data), width)]
    first = f"{rows[0].hex():<{2 * width}}  {meaning}"
    return [first] + [row.hex() for row in rows[1:]]


def text():
    vector = next(vector for vector in statement_vectors() if vector["id"] == "record-home")
    taken_apart = parts(vector)
    if b"".join(data for data, _ in taken_apart) != vector["statement"]:
        raise SystemExit("the worked example is not the vector record-home")
    rows = [row for data, meaning in taken_apart for row in lines(data, meaning)]
    rows += ["", f"SHA-256 (what the next statement names)   {vector['hash'].hex()}"]
    rows += [f"leaf hash, SHA-256(00 || statement)       {vector['leaf_hash'].hex()}"]
    return "\n".join(rows) + "\n"
