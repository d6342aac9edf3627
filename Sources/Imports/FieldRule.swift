import TallystickPrimitives

/// Where the value of one of our fields comes from and what is done to it.
struct FieldRule: Hashable, Sendable {
    let code: FieldCode
    let source: Source
    /// Words that stand for "missing" in these columns, beside those of the whole file.
    let missingMarkers: Set<String>
    let transform: Transform
    /// The longest value, in bytes of UTF-8.
    let bytesMax: Int

    /// Where the agency's own word goes when a table translates it.
    var givenCode: FieldCode? {
        switch transform {
        case .table(_, _, let given): given
        case .none, .date, .shapes: nil
        }
    }

    enum Source: Hashable, Sendable {
        case constant(String)
        /// Places in `ImportMapping.columns`; what is present is joined.
        case columns([Int], joiner: String)
    }

    enum Transform: Hashable, Sendable {
        case none
        case date(DatePattern)
        case shapes([ShapePattern])
        /// The agency's words and ours. Its own word always stays beside ours, under `given`: a
        /// mapping is a judgement, and somebody may have to check it.
        case table([String: String], otherwise: String?, given: FieldCode)
    }
}

/// Which columns hold a point on the map, in degrees.
struct CoordinateRule: Hashable, Sendable {
    let latitude: Int
    let longitude: Int
    let latitudes: ClosedRange<Double>
    let longitudes: ClosedRange<Double>
}

/// Only rows whose column holds this very word are wanted.
struct RowCondition: Hashable, Sendable {
    let column: Int
    let word: String
}
