import Foundation
import GRDB
import TallystickPrimitives

extension Hash256 {
    /// The hash as a database value.
    var blob: Data { Data(bytes) }
}

extension RandomID {
    /// The identifier as a database value.
    var blob: Data { Data(bytes) }
}

extension UInt64 {
    /// The number as stored; the register stays far below 2⁶³.
    var stored: Int64 { Int64(clamping: self) }
}

extension Row {
    /// The count, position or time in a column.
    func count(_ column: String) -> UInt64 {
        let value: Int64? = self[column]
        return UInt64(clamping: value ?? 0)
    }

    /// The code in a column; nil when it is NULL.
    func code<Tag>(_ column: String, of table: String) throws -> Code<Tag>? {
        let text: String? = self[column]
        guard let text else { return nil }
        guard let code = Code<Tag>(text) else { throw BrokerViewsError.damaged(table: table) }
        return code
    }
}
