import Foundation

/// The operating system's user that the server runs as. PostgreSQL refuses to run as root.
struct ServerAccount: Sendable, Hashable {
    let userID: uid_t
    let groupID: gid_t
    let name: String

    var isAnother: Bool { userID != geteuid() }

    /// Oneself; under root whoever owns the data already, else `postgres`, else `nobody`.
    static func choose(dataOwner: (userID: uid_t, groupID: gid_t)?) throws -> ServerAccount {
        guard geteuid() == 0 else {
            return ServerAccount(userID: geteuid(), groupID: getegid(), name: "user \(geteuid())")
        }
        if let dataOwner, dataOwner.userID != 0 {
            return ServerAccount(
                userID: dataOwner.userID, groupID: dataOwner.groupID, name: "user \(dataOwner.userID)")
        }
        for name in ["postgres", "nobody"] {
            if let account = named(name) { return account }
        }
        throw EmbeddedPostgresError(
            .dataFolderUnusable,
            "PostgreSQL does not run as root, and this machine has neither a user postgres nor nobody.")
    }

    /// The command line that runs `arguments` as this account, in `folder`, and only as long as its parent
    /// lives.
    ///
    /// `setpriv` drops every privilege and asks the kernel for SIGINT (PostgreSQL's fast shutdown) at the death
    /// of the spawning thread. The shell then looks whether the parent died before that wish was known, goes
    /// to a folder that the account may enter, and is replaced by the program, so the process number stays
    /// the same. Where there is no `setpriv` (it belongs to util-linux), the server outlives a parent that
    /// was killed, until the next start finds it, stops it, and takes its place.
    func command(_ arguments: [String], in folder: String) throws -> [String] {
        let places: [String] = ["/usr/bin/setpriv", "/bin/setpriv"]
        let setpriv = places.first { access($0, X_OK) == 0 }
        guard setpriv != nil || !isAnother else {
            throw EmbeddedPostgresError(
                .binariesNotFound,
                "Under root the server starts through setpriv, which is missing: apt-get install util-linux"
            )
        }
        let user =
            isAnother ? ["--reuid", "\(userID)", "--regid", "\(groupID)", "--clear-groups"] : []
        let wrapper = setpriv.map { [$0] + user + ["--pdeathsig", "INT", "--"] } ?? []
        let script = #"[ "$PPID" = "$1" ] && cd "$2" && umask 077 && shift 2 && exec "$@""#
        return wrapper + ["/bin/sh", "-c", script, "grove-postgres", "\(getpid())", folder] + arguments
    }

    /// The first folder on the way to `path` that this account may not enter; nil when it may go all the way.
    /// Access lists are not looked at: a folder opened by one of them only is reported although it would do.
    func firstClosedFolder(on path: String) -> String? {
        var folder = ""
        for component in path.split(separator: "/") {
            folder += "/\(component)"
            var information = stat()
            guard stat(folder, &information) == 0 else { return nil }
            let bit: mode_t =
                information.st_uid == userID ? S_IXUSR : information.st_gid == groupID ? S_IXGRP : S_IXOTH
            if information.st_mode & bit == 0 { return folder }
        }
        return nil
    }

    private static func named(_ name: String) -> ServerAccount? {
        var record = passwd()
        var found: UnsafeMutablePointer<passwd>?
        var buffer = [CChar](repeating: 0, count: 16_384)
        guard getpwnam_r(name, &record, &buffer, buffer.count, &found) == 0, found != nil else { return nil }
        return ServerAccount(userID: record.pw_uid, groupID: record.pw_gid, name: name)
    }
}
