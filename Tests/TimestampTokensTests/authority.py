"""Makes answers.json: answers of time-stamping authorities, sound ones and ones with a single fault each.

Every authority is made up here and its keys are thrown away. What is written follows RFC 3161, RFC 5652 and RFC 5816 and
shares no code with the product. Run: python3 authority.py > answers.json (needs the package `cryptography`).
"""

import datetime
import hashlib
import json

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

TEXT = b"register.example/log\n1234\nXfkmJSBTZUqDBzmYpExnEcGfpqD7DRA1dXg1r0mRpbE=\n"
AT = datetime.datetime(2026, 11, 22, 3, 4, 5, tzinfo=datetime.timezone.utc)
HASHES = {"sha256": hashes.SHA256(), "sha384": hashes.SHA384(), "sha512": hashes.SHA512()}
HASH_OIDS = {"sha256": "2.16.840.1.101.3.4.2.1", "sha384": "2.16.840.1.101.3.4.2.2",
             "sha512": "2.16.840.1.101.3.4.2.3", "sha1": "1.3.14.3.2.26"}
RSA_OIDS = {"sha256": "1.2.840.113549.1.1.11", "sha384": "1.2.840.113549.1.1.12", "sha512": "1.2.840.113549.1.1.13"}
ECDSA_OIDS = {"sha256": "1.2.840.10045.4.3.2", "sha384": "1.2.840.10045.4.3.3", "sha512": "1.2.840.10045.4.3.4"}


def tlv(tag, *parts):
    body = b"".join(parts)
    if len(body) < 128:
        return bytes([tag, len(body)]) + body
    size = len(body).to_bytes((len(body).bit_length() + 7) // 8, "big")
    return bytes([tag, 0x80 | len(size)]) + size + body


def sequence(*parts):
    return tlv(0x30, *parts)


def set_of(*parts):
    return tlv(0x31, *sorted(parts))


def integer(value, tag=2):
    return tlv(tag, value.to_bytes(value.bit_length() // 8 + 1, "big"))


def octets(value):
    return tlv(4, value)


def oid(text):
    numbers = [int(part) for part in text.split(".")]
    body = bytearray([numbers[0] * 40 + numbers[1]])
    for number in numbers[2:]:
        chunk = [number & 0x7F]
        while number > 0x7F:
            number >>= 7
            chunk.insert(0, 0x80 | number & 0x7F)
        body += bytes(chunk)
    return tlv(6, bytes(body))


def algorithm(text, *parameters):
    return sequence(oid(text), *parameters)


class Authority:
    """A root, perhaps one below it, and the certificate that signs times."""

    def __init__(self, make=lambda: ec.generate_private_key(ec.SECP256R1()), between=False,
                 usages=(ExtendedKeyUsageOID.TIME_STAMPING,), critical=True, starts=2020, ends=2090, key_id=True):
        self.key = make()
        self.root_key = ec.generate_private_key(ec.SECP256R1())
        root_name = self.name("Invented Root")
        self.root = self.certificate(root_name, root_name, self.root_key, self.root_key, True, 2020, 2090, [])
        issuer, issuer_key = root_name, self.root_key
        self.chain = []
        if between:
            middle_key = ec.generate_private_key(ec.SECP384R1())
            middle = self.certificate(
                self.name("Invented Middle"), issuer, middle_key, issuer_key, True, 2020, 2090, [])
            self.chain = [middle]
            issuer, issuer_key = self.name("Invented Middle"), middle_key
        extensions = [(x509.ExtendedKeyUsage(usages), critical)] if usages else []
        self.signer = self.certificate(
            self.name("Invented Time"), issuer, self.key, issuer_key, False, starts, ends, extensions)

    @staticmethod
    def name(text):
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    @staticmethod
    def certificate(subject, issuer, key, issuer_key, is_authority, starts, ends, extensions):
        builder = (
            x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(datetime.datetime(starts, 1, 1)).not_valid_after(datetime.datetime(ends, 1, 1))
            .add_extension(x509.BasicConstraints(is_authority, None), True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
        for extension, critical in extensions:
            builder = builder.add_extension(extension, critical)
        return builder.sign(issuer_key, hashes.SHA256())

    @property
    def pem(self):
        return self.root.public_bytes(serialization.Encoding.PEM).decode()


def der(certificate):
    return certificate.public_bytes(serialization.Encoding.DER)


def info(text=TEXT, imprint="sha256", accuracy=b"", at=b"20261122030405Z", version=1, extra=b""):
    value = hashlib.new(imprint, text).digest()
    stamped = sequence(algorithm(HASH_OIDS[imprint], tlv(5)), octets(value))
    return sequence(integer(version), oid("1.3.6.1.4.1.4146.2.3"), stamped, integer(0x0123456789ABCDEF), tlv(24, at),
                    accuracy, extra)


def token(authority, content=None, digest="sha256", bound="v2", names="serial", signed_type="1.2.840.113549.1.9.16.1.4",
          with_certificates=True, message=None, spoil=False, plain_rsa=False, signers=1, type_attribute=True,
          as_signed=None, others=()):
    content = content if content is not None else info()
    certificate = authority.signer
    attributes = []
    if type_attribute:
        attributes.append(sequence(oid("1.2.840.113549.1.9.3"), set_of(oid(signed_type))))
    attributes.append(sequence(oid("1.2.840.113549.1.9.4"),
                               set_of(octets(message or hashlib.new(digest, content).digest()))))
    if bound == "v2":
        value = sequence(sequence(sequence(octets(hashlib.sha256(der(certificate)).digest()))))
        attributes.append(sequence(oid("1.2.840.113549.1.9.16.2.47"), set_of(value)))
    elif bound == "v2-sha512":
        value = sequence(sequence(sequence(
            algorithm(HASH_OIDS["sha512"]), octets(hashlib.sha512(der(certificate)).digest()))))
        attributes.append(sequence(oid("1.2.840.113549.1.9.16.2.47"), set_of(value)))
    elif bound == "v1":
        value = sequence(sequence(sequence(octets(hashlib.sha1(der(certificate)).digest()))))
        attributes.append(sequence(oid("1.2.840.113549.1.9.16.2.12"), set_of(value)))
    elif bound == "another":
        value = sequence(sequence(sequence(octets(hashlib.sha256(der(authority.root)).digest()))))
        attributes.append(sequence(oid("1.2.840.113549.1.9.16.2.47"), set_of(value)))
    attributes = b"".join(sorted(attributes))
    signed = tlv(0x31, attributes)
    if isinstance(authority.key, rsa.RSAPrivateKey):
        signature = authority.key.sign(signed, padding.PKCS1v15(), HASHES[digest])
        signing = algorithm("1.2.840.113549.1.1.1" if plain_rsa else RSA_OIDS[digest], tlv(5))
    else:
        signature = authority.key.sign(signed, ec.ECDSA(HASHES[digest]))
        signing = algorithm(ECDSA_OIDS[digest])
    if spoil:
        signature = signature[:-1] + bytes([signature[-1] ^ 1])
    if names == "serial":
        identifier = sequence(certificate.issuer.public_bytes(), integer(certificate.serial_number))
    else:
        own = certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
        identifier = tlv(0x80, own)
    signer = sequence(integer(1 if names == "serial" else 3), identifier, algorithm(HASH_OIDS[digest]),
                      tlv(0xA0, attributes), signing, octets(signature))
    certificates = sorted([der(certificate)] + [der(other) for other in list(authority.chain) + list(others)])
    return sequence(
        oid("1.2.840.113549.1.7.2"),
        tlv(0xA0, sequence(
            integer(3), set_of(algorithm(HASH_OIDS[digest])),
            sequence(oid(as_signed or "1.2.840.113549.1.9.16.1.4"), tlv(0xA0, octets(content))),
            tlv(0xA0, *certificates) if with_certificates else b"",
            tlv(0x31, *([signer] * signers)))))


def answer(made, status=0):
    return sequence(sequence(integer(status)), made)


def accuracy(seconds=None, thousandths=None, millionths=None):
    return sequence(
        integer(seconds) if seconds is not None else b"",
        integer(thousandths, 0x80) if thousandths is not None else b"",
        integer(millionths, 0x81) if millionths is not None else b"")


def main():
    cases = []

    def add(name, authority, bytes_, result="sound", margin=None, roots=None, at="2026-11-22T03:04:05Z", text=TEXT):
        cases.append({
            "name": name, "roots": roots if roots is not None else authority.pem, "text": text.hex(),
            "answer": bytes_.hex(), "result": result, "at": at, "accuracy": margin})

    curve = Authority()
    big = Authority(lambda: rsa.generate_private_key(65537, 2048))
    middle = Authority(lambda: ec.generate_private_key(ec.SECP384R1()), between=True)
    other = Authority()

    add("an answer by P-256", curve, answer(token(curve)))
    add("the token alone", curve, token(curve))
    add("granted with changes", curve, answer(token(curve), 1))
    add("by RSA with SHA-256", big, answer(token(big)))
    add("by RSA with SHA-512", big, answer(token(big, digest="sha512")))
    add("by RSA where the hash is the signer's", big, answer(token(big, digest="sha384", plain_rsa=True)))
    add("by P-384 below another certificate", middle, answer(token(middle, digest="sha384")))
    add("by P-256 with SHA-512", curve, answer(token(curve, digest="sha512")))
    add("an imprint by SHA-512", curve, answer(token(curve, info(imprint="sha512"))))
    add("the certificate named by its key", curve, answer(token(curve, names="key")))
    add("the certificate bound by SHA-1 as RFC 3161 had it", curve, answer(token(curve, bound="v1")))
    add("the certificate bound by SHA-512", curve, answer(token(curve, bound="v2-sha512")))
    add("another certificate beside it", curve, answer(token(curve, others=[other.root])))
    add("seconds of accuracy", curve, answer(token(curve, info(accuracy=accuracy(2)))), margin=2000)
    add("all of an accuracy", curve, answer(token(curve, info(accuracy=accuracy(1, 500, 7)))), margin=1501)
    add("millionths alone", curve, answer(token(curve, info(accuracy=accuracy(None, None, 999)))), margin=1)
    add("parts of a second", curve, answer(token(curve, info(at=b"20261122030405.25Z"))))
    add("a nonce and an order", curve, answer(token(curve, info(extra=tlv(1, b"\xff") + integer(77)))))

    add("not granted", curve, sequence(sequence(integer(2))), "notGranted")
    add("granted without a token", curve, sequence(sequence(integer(0))), "malformed")
    add("about other bytes", curve, answer(token(curve, info(b"other"))), "otherBytes")
    add("an imprint by SHA-1", curve, answer(token(curve, info(imprint="sha1"))), "unknownAlgorithm")
    add("a signature with a bit turned", curve, answer(token(curve, spoil=True)), "signature")
    add("an RSA signature with a bit turned", big, answer(token(big, spoil=True)), "signature")
    add("the hash of other contents", curve, answer(token(curve, message=bytes(32))), "signature")
    add("signed as something else", curve, answer(token(curve, signed_type="1.2.840.113549.1.7.1")), "signature")
    add("without saying as what it is signed", curve, answer(token(curve, type_attribute=False)), "signature")
    add("contents of another type", curve, answer(token(curve, as_signed="1.2.840.113549.1.7.1")), "malformed")
    add("without certificates", curve, answer(token(curve, with_certificates=False)), "certificateMissing")
    add("another certificate bound", curve, answer(token(curve, bound="another")), "certificateMissing")
    add("no certificate bound", curve, answer(token(curve, bound="none")), "malformed")
    add("no signer", curve, answer(token(curve, signers=0)), "malformed")
    add("two signers", curve, answer(token(curve, signers=2)), "malformed")
    add("another version", curve, answer(token(curve, info(version=2))), "malformed")
    add("an accuracy of a thousand thousandths", curve,
        answer(token(curve, info(accuracy=accuracy(None, 1000)))), "malformed")
    add("a day that does not exist", curve, answer(token(curve, info(at=b"20260230030405Z"))), "malformed")
    add("another authority's root", curve, answer(token(curve)), "certificateNotTrusted", roots=other.pem)
    add("no root", curve, answer(token(curve)), "certificateNotTrusted", roots="")
    add("one of two roots", curve, answer(token(curve)), roots=other.pem + curve.pem)
    add("without the certificate between", middle, answer(token(self_only(middle))), "certificateNotTrusted")
    for name, authority in [
        ("not yet valid", Authority(starts=2027)),
        ("valid no more", Authority(ends=2026)),
        ("for no stated use", Authority(usages=())),
        ("for servers", Authority(usages=(ExtendedKeyUsageOID.SERVER_AUTH,))),
        ("for time stamping and servers",
         Authority(usages=(ExtendedKeyUsageOID.TIME_STAMPING, ExtendedKeyUsageOID.SERVER_AUTH))),
        ("whose use is not critical", Authority(critical=False)),
    ]:
        add("a certificate " + name, authority, answer(token(authority)), "certificateNotTrusted")
    print(json.dumps(cases, indent=1))


def self_only(authority):
    """The authority as it is, without the certificates between it and its root."""
    alone = object.__new__(Authority)
    alone.__dict__.update(authority.__dict__)
    alone.chain = []
    return alone


main()
