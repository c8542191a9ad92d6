import CLibPQ
import Glibc

/// One server that a connection may be made to, as libpq keywords that win over the connection string's. The
/// host's name stays beside its address: certificates and `.pgpass` are looked up by it.
struct ConnectionTarget: Sendable, Equatable {
    var keywords: [String: String] = [:]

    /// What the connection string, and where it is silent the environment, name as hosts.
    struct Host: Equatable {
        let name: String
        let port: String
        /// True where the name must be resolved: it is no address, no socket folder, and has no `hostaddr`.
        let wantsResolving: Bool
        let address: String
    }

    /// The servers to try in turn. Nothing is named where libpq is to decide by itself: its own default socket, a
    /// service file, or a connection string that it will refuse.
    ///
    /// libpq itself would go from host to host only when one refuses; one that swallows all packets would take
    /// the whole of the deadline.
    static func all(
        of connectionString: String, by resolver: HostResolver, before deadline: ContinuousClock.Instant
    ) async throws -> [ConnectionTarget] {
        guard let (hosts, attributes) = hosts(of: connectionString), !hosts.isEmpty else {
            return [ConnectionTarget()]
        }
        var targets: [ConnectionTarget] = []
        var failure: (any Error)?
        for host in hosts {
            var addresses = [host.address]
            if host.wantsResolving {
                do {
                    addresses = try await resolver.addresses(of: host.name, before: deadline)
                } catch let error as DatabaseError {
                    // Another host may do.
                    failure = error
                    continue
                }
            }
            targets += addresses.map {
                ConnectionTarget(keywords: ["host": host.name, "hostaddr": $0, "port": host.port])
            }
        }
        if targets.isEmpty, let failure { throw failure }
        guard attributes == "prefer-standby" else { return targets }
        // What libpq does with a list of hosts: first any standby, then any server.
        return ["standby", "any"].flatMap { wanted in
            targets.map { target in
                ConnectionTarget(
                    keywords: target.keywords.merging(["target_session_attrs": wanted]) { $1 })
            }
        }
    }

    /// nil where libpq is left alone with the string.
    static func hosts(of connectionString: String) -> (hosts: [Host], attributes: String)? {
        // The same test as libpq's: other texts are plain database names.
        guard connectionString.contains("=") || connectionString.hasPrefix("postgres") else { return nil }
        guard let parsed = PQconninfoParse(connectionString, nil) else { return nil }
        defer { PQconninfoFree(parsed) }
        let given = values(parsed)
        guard given["service"] == nil, getenv("PGSERVICE") == nil else { return nil }
        var environment: [String: String] = [:]
        if let defaults = PQconndefaults() {
            environment = values(defaults)
            PQconninfoFree(defaults)
        }
        func list(_ keyword: String) -> [String] {
            (given[keyword] ?? environment[keyword] ?? "").split(
                separator: ",", omittingEmptySubsequences: false
            )
            .map { $0.trimmingPrefix { $0.isWhitespace }.description }
        }
        let names = list("host"), addresses = list("hostaddr"), ports = list("port")
        let count = max(names == [""] ? 0 : names.count, addresses == [""] ? 0 : addresses.count)
        // An uneven list is an error that libpq words best.
        guard names == [""] || addresses == [""] || names.count == addresses.count,
            ports.count == 1 || ports.count == count
        else { return nil }
        let hosts = (0..<count).map { index in
            let name = names == [""] ? "" : names[index]
            let address = addresses == [""] ? "" : addresses[index]
            let isPlace = name.isEmpty || name.hasPrefix("/") || name.hasPrefix("@") || isNumeric(name)
            return Host(
                name: name, port: ports.count == 1 ? ports[0] : ports[index],
                wantsResolving: address.isEmpty && !isPlace, address: address)
        }
        let attributes = given["target_session_attrs"] ?? environment["target_session_attrs"] ?? ""
        return (hosts, attributes)
    }

    private static func values(_ options: UnsafeMutablePointer<PQconninfoOption>) -> [String: String] {
        var found: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { found[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return found
    }

    private static func isNumeric(_ name: String) -> Bool {
        var storage = in6_addr()
        let bare = String(name.prefix { $0 != "%" })
        return inet_pton(AF_INET, bare, &storage) == 1 || inet_pton(AF_INET6, bare, &storage) == 1
    }
}
