import Foundation
import Synchronization

/// Finds the addresses of host names without blocking anybody: libpq would do it on the database thread, and all
/// connections would wait.
///
/// A lookup blocks a thread of its own for as long as the system's resolver takes. Whoever asks for the same name
/// meanwhile waits for the same lookup, so a resolver that does not answer costs one thread for each name.
final class HostResolver: Sendable {
    static let system = HostResolver(lookUp: HostResolver.addressesBySystem)

    private typealias Waiters = [UInt64: CheckedContinuation<[String], any Error>]

    /// Blocks.
    private let lookUp: @Sendable (String) throws -> [String]
    /// Who waits for each lookup that is under way.
    private let state = Mutex<(waiting: [String: Waiters], nextID: UInt64)>(([:], 0))

    init(lookUp: @escaping @Sendable (String) throws -> [String]) { self.lookUp = lookUp }

    /// The numeric addresses of a host, in the resolver's order.
    /// - Throws: ``DatabaseError/unavailable(_:)``, also at the deadline, or `CancellationError`.
    func addresses(of host: String, before deadline: ContinuousClock.Instant) async throws -> [String] {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let alarm = Task { [self] in
            try await Task.sleep(until: deadline, clock: .continuous)
            leave(host, id, DatabaseError.unavailable("the host name \(host) was not resolved in time"))
        }
        defer { alarm.cancel() }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { wait(host, id, $0) }
        } onCancel: {
            leave(host, id, CancellationError())
        }
    }

    private func wait(_ host: String, _ id: UInt64, _ waiter: CheckedContinuation<[String], any Error>) {
        let isFirst = state.withLock { state -> Bool? in
            guard !Task.isCancelled else { return nil }
            defer { state.waiting[host, default: [:]][id] = waiter }
            return state.waiting[host] == nil
        }
        guard let isFirst else { return waiter.resume(throwing: CancellationError()) }
        guard isFirst else { return }
        let thread = Thread { [self] in
            let result = Result { try lookUp(host) }
            let waiters = state.withLock { $0.waiting.removeValue(forKey: host) } ?? [:]
            for waiter in waiters.values { waiter.resume(with: result) }
        }
        thread.name = "grove-resolver"
        thread.start()
    }

    private func leave(_ host: String, _ id: UInt64, _ reason: any Error) {
        state.withLock { $0.waiting[host]?.removeValue(forKey: id) }?.resume(throwing: reason)
    }

    @Sendable private static func addressesBySystem(of host: String) throws -> [String] {
        var hints = addrinfo()
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let code = getaddrinfo(host, nil, &hints, &found)
        guard code == 0 else {
            let reason = String(cString: gai_strerror(code))
            throw DatabaseError.unavailable("could not translate host name \"\(host)\" to address: \(reason)")
        }
        defer { freeaddrinfo(found) }
        var addresses: [String] = []
        var next = found
        while let entry = next?.pointee {
            var text = [CChar](repeating: 0, count: Int(NI_MAXHOST))
            let isNamed = getnameinfo(
                entry.ai_addr, entry.ai_addrlen, &text, socklen_t(text.count), nil, 0, NI_NUMERICHOST)
            let address = text.withUnsafeBufferPointer { $0.baseAddress.map { String(cString: $0) } ?? "" }
            if isNamed == 0, !addresses.contains(address) { addresses.append(address) }
            next = entry.ai_next
        }
        return addresses
    }
}
