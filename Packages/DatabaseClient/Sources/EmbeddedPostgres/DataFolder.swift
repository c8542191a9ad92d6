import Foundation

/// The folder that holds everything of one embedded server:
///
///     cluster/     PostgreSQL's own data directory
///     initdb-…/    one that was being made when its maker was killed; the next start removes it
///     server.log   what the server printed, and `.1`, the one before
///     lock         held by the process that owns the server, for as long as it lives
struct DataFolder: Sendable, Hashable {
    /// Absolute and free of symbolic links, as `/proc` prints it.
    let path: String

    var cluster: String { "\(path)/cluster" }
    var log: String { "\(path)/server.log" }
    var lock: String { "\(path)/lock" }

    /// PostgreSQL refuses a path of 1,024 bytes, and adds its own file names to it.
    private static let longestPathBytes = 900

    /// `/var/lib/grove/postgres` under root, since the server's account cannot enter `/root`.
    static func defaultPath() -> String { geteuid() == 0 ? "/var/lib/grove/postgres" : ".grove/postgres" }

    /// Makes the folder where it is missing, and sees that the server's account can work in it.
    static func prepare(at path: String) throws -> (folder: DataFolder, account: ServerAccount) {
        let absolute = path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
        guard absolute.utf8.count <= longestPathBytes else {
            throw EmbeddedPostgresError(
                .dataFolderUnusable,
                """
                The path of the data folder has \(absolute.utf8.count) bytes, and PostgreSQL takes \
                \(longestPathBytes): choose a shorter one. \(absolute)
                """)
        }
        let account = try ServerAccount.choose(dataOwner: owner(of: "\(absolute)/cluster"))
        try refuseClosedWay(to: absolute, for: account)
        do {
            // Whatever root's umask is, the server's account must be able to pass the folders above.
            try FileManager.default.createDirectory(
                atPath: absolute, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        } catch {
            throw EmbeddedPostgresError(
                .dataFolderUnusable, "The data folder \(absolute) could not be made: \(reason(error)).")
        }
        let folder = DataFolder(path: realPath(absolute) ?? absolute)
        // Once more, since a link may have led elsewhere.
        try refuseClosedWay(to: folder.path, for: account)
        try folder.refuseForeignContent()
        try folder.hand(to: account)
        return (folder, account)
    }

    /// Deletes a folder of ours that nobody uses, and its sockets' folder.
    static func remove(at path: String) -> Bool {
        guard let real = realPath(path), access("\(real)/lock", F_OK) == 0 else { return false }
        let folder = DataFolder(path: real)
        guard let lock = try? folder.tryLock(), ClusterProcesses.all(of: folder.cluster).isEmpty,
            let account = try? ServerAccount.choose(dataOwner: owner(of: folder.cluster))
        else { return false }
        defer { try? lock.close() }
        SocketDirectory(for: folder, account: account).remove()
        return (try? FileManager.default.removeItem(atPath: real)) != nil
    }

    /// The major version that made the cluster; nil when there is none yet.
    func clusterMajor() throws -> Int? {
        guard access(cluster, F_OK) == 0 else { return nil }
        guard let text = try? String(contentsOfFile: "\(cluster)/PG_VERSION", encoding: .utf8),
            let major = Int(text.trimmingCharacters(in: .whitespacesAndNewlines))
        else {
            throw EmbeddedPostgresError(
                .dataFolderUnusable,
                "\(cluster) is no PostgreSQL cluster (its PG_VERSION cannot be read): move it out of the way."
            )
        }
        return major
    }

    func postmasterFile() -> PostmasterFile? {
        (try? String(contentsOfFile: "\(cluster)/postmaster.pid", encoding: .utf8))
            .flatMap { PostmasterFile(parsing: $0) }
    }

    /// The lock of the owner, or nil while another process, or another part of this one, holds it. The kernel
    /// frees it at `kill -9`, and no child inherits it.
    func tryLock() throws -> FileHandle? {
        let descriptor = try open(lock, O_RDWR)
        let handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
        return flock(descriptor, LOCK_EX | LOCK_NB) == 0 ? handle : nil
    }

    /// The log, for appending; one that has grown large is set aside first.
    func openLog() throws -> FileHandle {
        let largestBytes = 16 << 20
        var information = stat()
        if stat(log, &information) == 0, information.st_size > largestBytes { rename(log, "\(log).1") }
        return FileHandle(fileDescriptor: try open(log, O_WRONLY | O_APPEND), closeOnDealloc: true)
    }

    /// What was logged since the log had `start` bytes, the last `count` lines of it.
    func lastLogLines(since start: UInt64, count: Int = 15) -> String {
        guard let handle = FileHandle(forReadingAtPath: log), let end = try? handle.seekToEnd() else {
            return ""
        }
        try? handle.seek(toOffset: max(start, end > 65_536 ? end - 65_536 : 0))
        let text = String(decoding: (try? handle.readToEnd()) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").suffix(count).joined(separator: "\n")
    }

    /// Folders in which `initdb` was interrupted. The caller holds the lock, so none is in use.
    func removeInterruptedClusters() {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names where name.hasPrefix("initdb-") {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
    }

    /// A finished cluster takes its place in one step, which reaches the disk before anything is stored in
    /// it.
    func adopt(_ temporary: String) throws {
        guard rename(temporary, cluster) == 0 else {
            throw EmbeddedPostgresError(
                .dataFolderUnusable,
                "\(temporary) could not be renamed to \(cluster): \(String(cString: strerror(errno))).")
        }
        let descriptor = Foundation.open(path, O_RDONLY | O_CLOEXEC)
        fsync(descriptor)
        close(descriptor)
    }

    /// Root may open files here in a folder that belongs to an unprivileged account: no link is followed.
    private func open(_ file: String, _ flags: Int32) throws -> Int32 {
        let descriptor = Foundation.open(file, flags | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else {
            throw EmbeddedPostgresError(
                .dataFolderUnusable, "\(file) could not be opened: \(String(cString: strerror(errno))).")
        }
        return descriptor
    }

    /// A folder that is given by hand may be anybody's. It must be empty, or look like ours.
    private func refuseForeignContent() throws {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        let isOurs = names.contains("lock") || names.contains("cluster")
        guard isOurs || names.allSatisfy({ $0 == "lost+found" }) else {
            throw EmbeddedPostgresError(
                .dataFolderUnusable,
                """
                \(path) holds other files (\(names.sorted().prefix(3).joined(separator: ", "))) and is not \
                a data folder of Grove: choose an empty folder or a new one.
                """)
        }
    }

    private static func refuseClosedWay(to path: String, for account: ServerAccount) throws {
        let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
        guard account.isAnother, let closed = account.firstClosedFolder(on: parent) else { return }
        throw EmbeddedPostgresError(
            .dataFolderUnusable,
            """
            The data folder is \(path), and the server, which never runs as root, runs as \
            \(account.name), which may not enter \(closed). Choose a folder that it can reach, such as \
            \(defaultPath()), or open the way with: chmod o+x \(closed)
            """)
    }

    private func hand(to account: ServerAccount) throws {
        if account.isAnother {
            guard chown(path, account.userID, account.groupID) == 0, chmod(path, 0o700) == 0 else {
                throw EmbeddedPostgresError(
                    .dataFolderUnusable,
                    "\(path) could not be given to \(account.name): \(String(cString: strerror(errno))).")
            }
        } else if access(path, R_OK | W_OK | X_OK) != 0 {
            throw EmbeddedPostgresError(
                .dataFolderUnusable, "\(account.name) may not write in the data folder \(path).")
        }
    }

    private static func owner(of path: String) -> (userID: uid_t, groupID: gid_t)? {
        var information = stat()
        return lstat(path, &information) == 0 ? (information.st_uid, information.st_gid) : nil
    }

    private static func reason(_ error: any Error) -> String {
        let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
        return cause.map { String(cString: strerror(Int32($0.code))) } ?? "\(error)"
    }
}
