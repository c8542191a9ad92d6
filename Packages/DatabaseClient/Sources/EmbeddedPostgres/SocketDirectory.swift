import Foundation

/// The private folder with the server's unix socket. Whoever can enter it is the superuser of the cluster
/// (authentication is `trust`), so it belongs to the server's account and nobody else but root gets in.
struct SocketDirectory: Sendable, Hashable {
    let path: String
    let account: ServerAccount

    /// Only part of the socket's name, `.s.PGSQL.5432`: the server listens on no port.
    static let port = 5432

    /// A socket's path has at most 107 bytes, and a checkout can lie deep, so the name is a hash of the data
    /// folder's path; under /tmp rather than TMPDIR, which on some machines is longer than that by itself.
    init(for folder: DataFolder, account: ServerAccount) {
        path = "/tmp/grove-\(account.userID)-\(Self.hash(folder.path))"
        self.account = account
    }

    var socket: String { "\(path)/.s.PGSQL.\(Self.port)" }

    /// Makes the folder, or takes the one that a killed server left. Anyone may write in /tmp: a folder of
    /// another user, or a link, is refused.
    func prepare() throws {
        mkdir(path, 0o700)
        var information = stat()
        let isFolder = lstat(path, &information) == 0 && information.st_mode & S_IFMT == S_IFDIR
        guard isFolder, information.st_uid == account.userID || information.st_uid == geteuid(),
            lchown(path, account.userID, account.groupID) == 0, chmod(path, 0o700) == 0
        else {
            throw EmbeddedPostgresError(
                .dataFolderUnusable,
                "The folder for the server's socket, \(path), belongs to someone else: remove it.")
        }
        removeFiles()
    }

    func remove() {
        removeFiles()
        rmdir(path)
    }

    /// Whether someone accepts connections. It speaks no word of the protocol: see `Supervisor.isReady`.
    func answers() -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            bytes.copyBytes(from: socket.utf8.prefix(bytes.count - 1))
        }
        let type = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = Foundation.socket(AF_UNIX, type, 0)
        defer { close(descriptor) }
        let code = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        // EAGAIN: the queue is full, so somebody listens.
        return code == 0 || errno == EAGAIN
    }

    /// A socket and its lock file survive a `kill -9`; the lock's number may since be another process's,
    /// which PostgreSQL would believe in. The caller owns the cluster and knows that no server of it is
    /// alive.
    private func removeFiles() {
        unlink(socket)
        unlink("\(socket).lock")
    }

    /// FNV-1a, 64 bits: the same in every process, unlike `Hasher`.
    private static func hash(_ text: String) -> String {
        let value = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
