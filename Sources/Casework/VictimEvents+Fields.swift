import DeterministicCBOR
import SharingProtocols
import TallystickPrimitives

extension ConsentDetails {
    func write(to writer: inout FieldWriter) {
        writer.text("consent-state", .consent, state.rawValue)
        writer.text("consent-how", .consent, how)
        writer.text("consent-scope", .consent, scope)
        writer.text("consent-by", .consent, by)
    }

    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.consent) else { return nil }
        guard let state = try reader.word("consent-state", .consent, ConsentState.self) else {
            throw .missing("consent-state", .consent)
        }
        guard let how = try reader.text("consent-how", .consent) else {
            throw .missing("consent-how", .consent)
        }
        self.init(
            state: state, how: how, scope: try reader.text("consent-scope", .consent),
            by: try reader.text("consent-by", .consent))
    }
}

extension SafeContactDetails {
    func write(to writer: inout FieldWriter) {
        writer.put("safe-contact", .safeContact, contact.item)
        writer.put("contact-confirmed-at", .safeContact, .seconds(confirmedAt))
        writer.put("contact-expires", .safeContact, .seconds(expires))
    }

    init?(from reader: inout FieldReader) throws(EventDecodingError) {
        guard reader.has(.safeContact) else { return nil }
        let contact = try reader.required("safe-contact", .safeContact) {
            (item) throws(CBORShapeError) in try SafeContact(item)
        }
        guard let confirmedAt = try reader.seconds("contact-confirmed-at", .safeContact) else {
            throw .missing("contact-confirmed-at", .safeContact)
        }
        guard let expires = try reader.seconds("contact-expires", .safeContact) else {
            throw .missing("contact-expires", .safeContact)
        }
        self.init(contact: contact, confirmedAt: confirmedAt, expires: expires)
    }
}

// An instruction is text; going without is an array, so that no instruction can be mistaken for it.
extension SafeContact {
    fileprivate var item: CBOR {
        switch self {
        case .instruction(let words): .text(words)
        case .goingWithout(let reason): .array([.text("going-without"), .text(reason)])
        }
    }

    fileprivate init(_ item: CBOR) throws(CBORShapeError) {
        guard case .array = item else {
            self = .instruction(try item.string())
            return
        }
        let parts = try item.items(count: 2)
        guard try parts[0].string() == "going-without" else {
            throw CBORShapeError("an instruction, or going-without and a reason")
        }
        self = .goingWithout(reason: try parts[1].string())
    }
}

extension SentReferral {
    func write(to writer: inout FieldWriter) {
        writer.code("service", .record, service)
        writer.text("summary", .record, summary)
        writer.text("victim-name", .identity, victimName)
        writer.text("safe-contact", .safeContact, safeContact)
        writer.text("judged-band", .risk, judgedBand?.rawValue)
    }

    init(from reader: inout FieldReader) throws(EventDecodingError) {
        self.init(
            service: try reader.service(), summary: try reader.needed("summary"),
            victimName: try reader.text("victim-name", .identity),
            safeContact: try reader.text("safe-contact", .safeContact),
            judgedBand: try reader.word("judged-band", .risk))
    }
}
