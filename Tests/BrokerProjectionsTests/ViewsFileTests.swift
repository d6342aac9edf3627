import BrokerProjections
import Foundation
import GRDB
import TallystickPrimitives
import Testing

@Suite struct ViewsFileTests {
    private func mode(_ path: String) throws -> Int? {
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        return (attributes[.posixPermissions] as? NSNumber)?.intValue
    }

    @Test func everyFileIsReadableByItsOwnerAlone() throws {
        let world = try World(signedBy: ["northshire-police"])
        try World.withDirectory { directory in
            let views = try BrokerViews.open(in: directory)
            try views.fold(world.admissions, next: world.position)
            let files = try FileManager.default.contentsOfDirectory(atPath: directory)
            #expect(files.contains("views.sqlite") && files.contains("views.sqlite-wal"))
            for file in files { #expect(try mode("\(directory)/\(file)") == 0o600) }
        }
    }

    @Test func aFileThatOthersCanReadIsNotOpened() throws {
        try World.withDirectory { directory in
            let path = directory + "/views.sqlite"
            #expect(FileManager.default.createFile(atPath: path, contents: nil))
            try FileManager.default.setAttributes([.posixPermissions: 0o640], ofItemAtPath: path)
            #expect(throws: BrokerViewsError.permissions(path: path, mode: 0o640)) {
                try BrokerViews.open(in: directory)
            }
        }
    }

    @Test func aReopenedFileKeepsItsCheckpointAndItsRows() throws {
        var world = try World(signedBy: ["northshire-police"])
        try world.admit("northshire-police", stream: world.stream(), pointers: [world.pointer()])
        try World.withDirectory { directory in
            let dump = try {
                let views = try BrokerViews.open(in: directory)
                try views.fold(world.admissions, next: 7)
                return try views.orderedLogicalDump()
            }()
            let views = try BrokerViews.open(in: directory)
            #expect(try views.checkpoint() == 7)
            #expect(try views.orderedLogicalDump() == dump)
        }
    }

    @Test func viewsOfAnotherVersionStartAgain() throws {
        let world = try World(signedBy: ["northshire-police"])
        try World.withDirectory { directory in
            let views = try BrokerViews.open(in: directory)
            try views.fold(world.admissions, next: 1)
            try change(directory, "PRAGMA user_version = 99")
            #expect(try BrokerViews.open(in: directory).checkpoint() == 0)
            #expect(try BrokerViews.open(in: directory).participation().isEmpty)
        }
    }

    @Test func anotherDatabaseIsLeftAlone() throws {
        try World.withDirectory { directory in
            _ = try BrokerViews.open(in: directory)
            try change(directory, "PRAGMA application_id = 1")
            let path = directory + "/views.sqlite"
            #expect(throws: BrokerViewsError.otherKind(path: path)) {
                try BrokerViews.open(in: directory)
            }
        }
    }

    private func change(_ directory: String, _ sql: String) throws {
        let queue = try DatabaseQueue(path: directory + "/views.sqlite")
        try queue.writeWithoutTransaction { try $0.execute(sql: sql) }
        try queue.close()
    }
}
