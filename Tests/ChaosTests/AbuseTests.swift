import Foundation
import GroveTesting
import Testing

#if canImport(Glibc)
    import Glibc
#endif

/// While one registered person does the worst that they can, another is served.
///
/// Asserted is what does not depend on the machine: nothing ends, nobody else's request is refused, memory stays
/// bounded, mail goes out. How long things took is printed; `scripts/bench abuse` lets it run for two minutes.
@Suite struct AbuseTests {
    /// Far above what a service needs, and far below what the files would once have taken.
    static let memoryLimitMegabytes = 400

    private var seconds: Int {
        ProcessInfo.processInfo.environment["GROVE_ABUSE_SECONDS"].flatMap { Int($0) } ?? 15
    }

    @Test func anotherPersonIsServed() async throws {
        try await ServiceStack.with { stack in
            let mail = try await MailServer.start(port: stack.mailPort)
            let webhooks = try await WebhookServer.start()
            // The limits as they are deployed, behind a proxy that names who asks.
            let settings = [
                "RATE_LIMIT_PER_SECOND": "50", "RATE_LIMIT_BURST": "200", "TRUSTED_PROXIES": "1",
                "WEBHOOK_PRIVATE_ADDRESSES": "true", "WEBHOOK_CERTIFICATES": webhooks.certificate.certificate,
            ]
            var processes: [(ServiceStack.Service, ServiceProcess)] = []
            for service in [ServiceStack.Service.users, .portfolios, .gamification, .notifications] {
                processes.append((service, try await stack.start(service, settings)))
            }
            let bystander = try await Bystander(at: stack, mail: mail)
            let attacker = try await Attacker(at: stack, hangingWebhook: webhooks.url("/slow"))

            let quiet = try await bystander.live(for: .seconds(seconds))
            var attack: Task<Void, Never>?
            let busy = try await bystander.live(for: .seconds(seconds)) {
                setPriority(19)
                attack = Task { await attacker.attack() }
            }
            attack?.cancel()
            await attack?.value
            setPriority(0)

            report(quiet, busy, attacker, processes.map { ($0, memory(of: $1.processID)) })
            #expect(busy.refusals.isEmpty, "another person was refused")
            #expect(busy.posts.count > 5 && busy.mails.count >= 1, "nothing was measured")
            #expect(busy.mails.allSatisfy { $0 < 60_000 }, "a mail did not go out")
            #expect(attacker.answers.all.count > 10, "the attack attacked nothing")
            for (service, process) in processes {
                let peak = memory(of: process.processID)
                #expect(peak > 0 && peak < Self.memoryLimitMegabytes, "\(service) took \(peak) MB")
                process.signal(SIGTERM)
                #expect(await process.exitCode() == 0, "\(service): \(process.output.suffix(2_000))")
            }
            await mail.stop()
            await webhooks.stop()
        }
    }

    /// Lets every other process go first: an attacker's machine is their own, and what the attack costs on their side must not
    /// be measured as if the services had spent it. A thread that is made later has the priority of the one that makes it.
    private func setPriority(_ niceness: Int32) {
        #if canImport(Glibc)
            let threads = (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")) ?? []
            for thread in threads.compactMap({ id_t($0) }) {
                _ = setpriority(Int32(PRIO_PROCESS.rawValue), thread, niceness)
            }
        #endif
    }

    private func report(
        _ quiet: Bystander.Log, _ busy: Bystander.Log, _ attacker: Attacker,
        _ memory: [(ServiceStack.Service, Int)]
    ) {
        func row(_ name: String, _ values: KeyPath<Bystander.Log, [Double]>) {
            let (before, after) = (
                Bystander.Log.percentile99(quiet[keyPath: values]),
                Bystander.Log.percentile99(busy[keyPath: values])
            )
            let ratio = String(format: "%.1f", after / before)
            print(
                "abuse: \(name): p99 \(Int(before.rounded())) ms quiet, \(Int(after.rounded())) ms attacked, ratio \(ratio)"
            )
        }
        row("read holdings", \.reads)
        row("post a purchase", \.posts)
        row("mail of a changed password", \.mails)
        for (service, peak) in memory { print("abuse: \(service): peak \(peak) MB") }
        for (answer, count) in attacker.answers.all.sorted(by: { $0.key < $1.key }) {
            print("abuse: \(answer): \(count)")
        }
        print("abuse: refused to the other person: \(busy.refusals)")
    }

    /// The most that a process has had resident, in megabytes; 0 where it is gone.
    private func memory(of process: pid_t) -> Int {
        let status = (try? String(contentsOfFile: "/proc/\(process)/status", encoding: .utf8)) ?? ""
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return (line?.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0) / 1_024
    }
}
