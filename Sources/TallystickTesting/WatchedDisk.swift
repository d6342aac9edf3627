import Foundation
import GRDBSQLite
import Synchronization

/// What a store did to one directory of its disk, in order.
public enum DiskOperation: Sendable {
    /// Bytes of a file were written; they are on the disk only after a sync.
    case write(file: String, at: Int, bytes: [UInt8])
    /// A file was cut, or filled with zeros, to a size.
    case truncate(file: String, size: Int)
    /// Everything done to the file before is on the disk from now on.
    case sync(file: String)
    /// A file was deleted.
    case delete(file: String)
    /// What was deleted before stays deleted from now on.
    case syncDirectory
    /// The store has told its caller that so many statements survive power loss.
    case acknowledged(UInt64)
}

/// Stands between SQLite and the disk (sqlite.org/vfs.html): notes down what is done to the files of one directory, and
/// fails or waits there when it is told to, with the codes that SQLite's own way to the disk gives.
///
/// It is the process's default way to the disk from the first use on; files elsewhere pass it by.
public final class WatchedDisk: Sendable {
    /// What goes wrong.
    public enum Fault: Sendable {
        /// No page is taken any more (ENOSPC).
        case full
        /// A flush fails (EIO): nobody knows what is on the disk.
        case flushFails
        /// The power is gone: nothing reaches the disk any more, and nothing more is noted.
        case off
    }

    fileprivate struct Watch {
        var operations: [DiskOperation]?
        var fault: Fault?
        var isHeld = false
        /// Writes and flushes until the power goes.
        var countdown: Int?
        /// Whether flushes are passed over: what a careless store would do.
        var skipsFlushes = false
    }

    private let directory: String

    /// Watches a directory from now on; stores opened before are not seen.
    ///
    /// - Parameter keepsOperations: whether every write is kept in memory.
    public init(_ directory: String, keepsOperations: Bool = true) {
        // As SQLite spells it.
        let directory = URL(filePath: directory).standardizedFileURL.path
        self.directory = directory
        watches.withLock { $0[directory] = Watch(operations: keepsOperations ? [] : nil) }
        _ = WatchedDisk.isInstalled
    }

    deinit { watches.withLock { _ = $0.removeValue(forKey: directory) } }

    /// What has been done so far.
    public var operations: [DiskOperation] { watches.withLock { $0[directory]?.operations ?? [] } }

    /// Notes that the store has acknowledged so many statements in all.
    public func acknowledge(_ count: UInt64) { WatchedDisk.note(.acknowledged(count), in: directory) }

    /// Writes and flushes fail from now on; with nil they do not.
    public func fail(with fault: Fault?) { watches.withLock { $0[directory]?.fault = fault } }

    /// The power goes after so many more writes and flushes; with nil it stays.
    public func cutPower(after count: Int?) { watches.withLock { $0[directory]?.countdown = count } }

    /// Whether anything goes wrong at the moment.
    public var isFailing: Bool { watches.withLock { $0[directory]?.fault != nil } }

    /// From now on a flush is answered and not done.
    public func skipFlushes() { watches.withLock { $0[directory]?.skipsFlushes = true } }

    /// What has been done since the last time this was asked.
    public func takeOperations() -> [DiskOperation] {
        watches.withLock { watches in
            defer { if watches[directory]?.operations != nil { watches[directory]?.operations = [] } }
            return watches[directory]?.operations ?? []
        }
    }

    /// Writes and flushes wait from now on.
    public func hold() { watches.withLock { $0[directory]?.isHeld = true } }

    /// What waits goes on.
    public func release() { watches.withLock { $0[directory]?.isHeld = false } }

    fileprivate static func note(_ operation: DiskOperation, in directory: String) {
        watches.withLock { watches in
            if case .sync = operation, watches[directory]?.skipsFlushes == true { return }
            watches[directory]?.operations?.append(operation)
        }
    }

    /// Waits while the directory's disk is held; then tells what goes wrong there.
    fileprivate static func fault(in directory: String) -> Fault? {
        while watches.withLock({ $0[directory]?.isHeld == true }) { usleep(1_000) }
        return watches.withLock { watches in
            if let left = watches[directory]?.countdown {
                watches[directory]?.countdown = left - 1
                if left <= 0 { watches[directory]?.fault = .off }
            }
            return watches[directory]?.fault
        }
    }

    fileprivate static func isOff(_ directory: String) -> Bool { watches.withLock { $0[directory]?.fault == .off } }

    /// The watched directory and the file's name, if the path is of one.
    fileprivate static func place(of path: UnsafePointer<CChar>?) -> (directory: String, file: String)? {
        guard let path else { return nil }
        let text = String(cString: path)
        guard let slash = text.lastIndex(of: "/") else { return nil }
        let directory = String(text[..<slash])
        guard watches.withLock({ $0[directory] != nil }) else { return nil }
        return (directory, String(text[text.index(after: slash)...]))
    }

    private static let isInstalled: Bool = {
        guard let real = sqlite3_vfs_find(nil) else { return false }
        let watching = UnsafeMutablePointer<sqlite3_vfs>.allocate(capacity: 1)
        watching.initialize(to: real.pointee)
        watching.pointee.pNext = nil
        watching.pointee.zName = UnsafePointer(strdup("tallystick-watched"))
        watching.pointee.szOsFile = Int32(WatchedFile.stride) + real.pointee.szOsFile
        watching.pointee.pAppData = UnsafeMutableRawPointer(real)
        watching.pointee.xOpen = openWatched
        watching.pointee.xDelete = deleteWatched
        return sqlite3_vfs_register(watching, 1) == SQLITE_OK
    }()
}

/// By directory.
private let watches = Mutex<[String: WatchedDisk.Watch]>([:])

/// The place of each watched file, by the number that its handle carries.
private let places = Mutex<[WatchedPlace]>([])

private struct WatchedPlace {
    let directory: String
    let file: String
    /// The first sync of a journal or write-ahead log that SQLite opened to create it syncs the directory too
    /// (`UNIXFILE_DIRSYNC` in sqlite.org/src/file/src/os_unix.c).
    var isDirectoryDue: Bool
}

/// What SQLite allocates for a watched file; the real file follows it.
private struct WatchedFile {
    var base: sqlite3_file
    var number: Int

    static let stride = 64
}

private typealias File = UnsafeMutablePointer<sqlite3_file>

private func real(_ file: File?) -> File? {
    file.map { (UnsafeMutableRawPointer($0) + WatchedFile.stride).assumingMemoryBound(to: sqlite3_file.self) }
}

private func methods(_ file: File?) -> sqlite3_io_methods? { real(file)?.pointee.pMethods?.pointee }

private func number(of file: File) -> Int {
    UnsafeMutableRawPointer(file).assumingMemoryBound(to: WatchedFile.self).pointee.number
}

private func note(_ file: File?, _ operation: (String) -> DiskOperation) {
    guard let file else { return }
    let place = places.withLock { $0[number(of: file)] }
    WatchedDisk.note(operation(place.file), in: place.directory)
}

/// The code with which an operation fails here, after waiting while the disk is held.
private func failure(of file: File?, isFlush: Bool) -> Int32? {
    guard let file else { return SQLITE_IOERR }
    switch WatchedDisk.fault(in: places.withLock { $0[number(of: file)].directory }) {
    case .full: return isFlush ? nil : SQLITE_FULL
    case .flushFails: return isFlush ? SQLITE_IOERR | (4 << 8) : nil
    case .off: return SQLITE_IOERR
    case nil: return nil
    }
}

private func isOff(_ file: File?) -> Bool {
    guard let file else { return true }
    return WatchedDisk.isOff(places.withLock { $0[number(of: file)].directory })
}

private func noteSync(of file: File?) {
    note(file) { .sync(file: $0) }
    guard let file else { return }
    let isDirectoryDue = places.withLock { places in
        defer { places[number(of: file)].isDirectoryDue = false }
        return places[number(of: file)].isDirectoryDue
    }
    if isDirectoryDue { note(file) { _ in .syncDirectory } }
}

private func realVFS(_ vfs: UnsafeMutablePointer<sqlite3_vfs>?) -> UnsafeMutablePointer<sqlite3_vfs>? {
    vfs?.pointee.pAppData?.assumingMemoryBound(to: sqlite3_vfs.self)
}

private let openWatched:
    @convention(c) (
        UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, UnsafeMutablePointer<sqlite3_file>?, Int32,
        UnsafeMutablePointer<Int32>?
    ) -> Int32 = { vfs, path, file, flags, outFlags in
        guard let vfs = realVFS(vfs), let open = vfs.pointee.xOpen, let file else { return SQLITE_CANTOPEN }
        guard let place = WatchedDisk.place(of: path) else { return open(vfs, path, file, flags, outFlags) }
        let code = open(vfs, path, real(file), flags, outFlags)
        guard methods(file) != nil else { return code }
        let number = places.withLock { places in
            let journals = SQLITE_OPEN_MAIN_JOURNAL | SQLITE_OPEN_WAL
            let isDirectoryDue = flags & SQLITE_OPEN_CREATE != 0 && flags & journals != 0
            places.append(
                WatchedPlace(directory: place.directory, file: place.file, isDirectoryDue: isDirectoryDue))
            return places.count - 1
        }
        UnsafeMutableRawPointer(file).bindMemory(to: WatchedFile.self, capacity: 1).initialize(
            to: WatchedFile(base: sqlite3_file(pMethods: UnsafePointer(bitPattern: watchedMethods)), number: number))
        return code
    }

private let deleteWatched: @convention(c) (UnsafeMutablePointer<sqlite3_vfs>?, UnsafePointer<CChar>?, Int32) -> Int32 =
    { vfs, path, sync in
        guard let vfs = realVFS(vfs), let delete = vfs.pointee.xDelete else { return SQLITE_IOERR }
        let place = WatchedDisk.place(of: path)
        if let place, WatchedDisk.isOff(place.directory) { return SQLITE_IOERR }
        let code = delete(vfs, path, sync)
        if code == SQLITE_OK, let place {
            WatchedDisk.note(.delete(file: place.file), in: place.directory)
            if sync != 0 { WatchedDisk.note(.syncDirectory, in: place.directory) }
        }
        return code
    }

/// The methods of a watched file; made once and never freed. As a number, because a pointer is nobody's to share.
private let watchedMethods: UInt = {
    var watched = sqlite3_io_methods()
    // Version 2 has what a write-ahead log needs, and no memory mapping that would go past us.
    watched.iVersion = 2
    watched.xClose = { file in methods(file)?.xClose?(real(file)) ?? SQLITE_IOERR }
    watched.xRead = { file, bytes, count, start in
        methods(file)?.xRead?(real(file), bytes, count, start) ?? SQLITE_IOERR
    }
    watched.xWrite = { file, bytes, count, start in
        if let failure = failure(of: file, isFlush: false) { return failure }
        let code = methods(file)?.xWrite?(real(file), bytes, count, start) ?? SQLITE_IOERR
        if code == SQLITE_OK, let bytes {
            let copy = [UInt8](UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            note(file) { .write(file: $0, at: Int(start), bytes: copy) }
        }
        return code
    }
    watched.xTruncate = { file, size in
        if isOff(file) { return SQLITE_IOERR }
        let code = methods(file)?.xTruncate?(real(file), size) ?? SQLITE_IOERR
        if code == SQLITE_OK { note(file) { .truncate(file: $0, size: Int(size)) } }
        return code
    }
    watched.xSync = { file, flags in
        if let failure = failure(of: file, isFlush: true) { return failure }
        let code = methods(file)?.xSync?(real(file), flags) ?? SQLITE_IOERR
        if code == SQLITE_OK { noteSync(of: file) }
        return code
    }
    watched.xFileSize = { file, size in methods(file)?.xFileSize?(real(file), size) ?? SQLITE_IOERR }
    watched.xLock = { file, level in methods(file)?.xLock?(real(file), level) ?? SQLITE_IOERR }
    watched.xUnlock = { file, level in methods(file)?.xUnlock?(real(file), level) ?? SQLITE_IOERR }
    watched.xCheckReservedLock = { file, result in
        methods(file)?.xCheckReservedLock?(real(file), result) ?? SQLITE_IOERR
    }
    watched.xFileControl = { file, operation, argument in
        methods(file)?.xFileControl?(real(file), operation, argument) ?? SQLITE_NOTFOUND
    }
    watched.xSectorSize = { file in methods(file)?.xSectorSize?(real(file)) ?? 512 }
    watched.xDeviceCharacteristics = { file in methods(file)?.xDeviceCharacteristics?(real(file)) ?? 0 }
    watched.xShmMap = { file, page, size, extend, memory in
        methods(file)?.xShmMap?(real(file), page, size, extend, memory) ?? SQLITE_IOERR
    }
    watched.xShmLock = { file, first, count, flags in
        methods(file)?.xShmLock?(real(file), first, count, flags) ?? SQLITE_IOERR
    }
    watched.xShmBarrier = { file in methods(file)?.xShmBarrier?(real(file)) }
    watched.xShmUnmap = { file, delete in methods(file)?.xShmUnmap?(real(file), delete) ?? SQLITE_IOERR }
    let pointer = UnsafeMutablePointer<sqlite3_io_methods>.allocate(capacity: 1)
    pointer.initialize(to: watched)
    return UInt(bitPattern: pointer)
}()
