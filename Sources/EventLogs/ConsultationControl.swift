import DeterministicCBOR
public import TallystickPrimitives

/// What an office of a party says of a published protocol before anybody signs it: the third form of ADOPT (decision 0024).
///
/// It binds nobody. Every enrolled party receives it, and the words with it.
public struct ConsultationControl: Hashable, Sendable {
    /// How an office stands to a protocol.
    public enum Response: String, CaseIterable, Hashable, Sendable {
        /// It would sign it as it is.
        case agree
        /// It would sign it, and has something to say first.
        case concern
        /// It would not sign it as it is.
        case object
    }

    /// The rules bundle.
    public let bundle: Hash256
    /// The offices that say so, at least one.
    public let offices: [OfficeCode]
    /// How they stand to it.
    public let response: Response
    /// The public compartment with their words, of this statement; nil where they say no more.
    public let words: CompartmentID?

    /// The label of that compartment.
    public static let label: Label = "consultation"
    /// Its one field.
    public static let wordsField: FieldCode = "words"

    /// States a response.
    public init(bundle: Hash256, offices: [OfficeCode], response: Response, words: CompartmentID?) {
        self.bundle = bundle
        self.offices = offices
        self.response = response
        self.words = words
    }

    var item: CBOR {
        .array([
            .hash(bundle), .array(offices.map(CBOR.code)), .text(response.rawValue), .optional(words, CBOR.id),
        ])
    }

    init(_ item: CBOR) throws(CBORShapeError) {
        let items = try item.items(count: 4)
        bundle = try items[0].hash256()
        var offices: [OfficeCode] = []
        for office in try items[1].items(atMost: Limits.officeCount) { offices.append(try office.code()) }
        guard !offices.isEmpty else { throw CBORShapeError("at least one office") }
        self.offices = offices
        guard let response = Response(rawValue: try items[2].string()) else {
            throw CBORShapeError("agree, concern or object")
        }
        self.response = response
        words = try items[3].orNil?.id()
    }

    /// The words in the body of their compartment; nil where it is anything but that one text.
    public static func words(in body: CompartmentBody) -> String? {
        guard body.fields.count == 1, case .text(let words)? = body.fields[wordsField] else { return nil }
        return words
    }

    /// Whether what travels with a response is what it may bring: its words and nothing else, in the clear for every
    /// party, and no longer than words about an agreement need to be.
    public func admits(_ descriptors: [CompartmentDescriptor]) -> Bool {
        guard let words else { return descriptors.isEmpty }
        guard let only = descriptors.first, descriptors.count == 1 else { return false }
        return only.id == words && only.reader == .public && only.label == ConsultationControl.label
            && only.paddedLength <= ByteCount(Limits.consultationByteCount)
    }
}

extension Limits {
    /// Bytes of the words of a response to a consultation as they travel: a page of text.
    public static let consultationByteCount = 4_096
}
