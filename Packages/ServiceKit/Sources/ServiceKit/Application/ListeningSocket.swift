import Glibc
import Logging
import NIOCore

/// Stops new connections at a listening socket without closing it.
///
/// Linux resets every connection that waits to be accepted when the listening socket closes, although its
/// client may have sent a request already. So before the end a packet filter drops what would open a
/// connection (a SYN): clients see a connection that does not come about and never one that breaks, and the
/// server accepts what still waits.
enum ListeningSocket {
    /// One instruction of a classic BPF program (`struct sock_filter` of linux/filter.h).
    private struct Instruction {
        var code: UInt16
        var jumpTrue: UInt8 = 0
        var jumpFalse: UInt8 = 0
        var operand: UInt32
    }

    /// `struct sock_fprog` of linux/filter.h.
    private struct Program: @unchecked Sendable {
        // @unchecked is sound: one is made and used up within a single call on the channel's own thread.

        var length: UInt16
        var instructions: UnsafeMutablePointer<Instruction>?
    }

    /// For a TCP socket the program sees the segment from its TCP header on, whose byte 13 holds the flags.
    private static let dropsOpeningSegments = [
        Instruction(code: 0x30, operand: 13),  // load the flags
        Instruction(code: 0x54, operand: 0x12),  // keep SYN and ACK
        Instruction(code: 0x15, jumpTrue: 0, jumpFalse: 1, operand: 0x02),  // SYN alone?
        Instruction(code: 0x06, operand: 0),  // drop it
        Instruction(code: 0x06, operand: .max),  // admit all others
    ]

    /// Attaches the filter. Where the kernel does not admit it the socket goes on as it is, and a request
    /// that arrives in the last millisecond may be lost.
    static func refuseNewConnections(_ channel: any Channel, _ logger: Logger) async {
        let solSocket: CInt = 1
        let attachFilter: CInt = 26
        do {
            // The closure is run on the channel's thread, and the pointer is used only while the kernel
            // copies.
            try await channel.eventLoop.flatSubmit {
                guard let provider = channel as? any SocketOptionProvider else {
                    return channel.eventLoop.makeSucceededVoidFuture()
                }
                var instructions = dropsOpeningSegments
                return instructions.withUnsafeMutableBufferPointer { buffer in
                    provider.unsafeSetSocketOption(
                        level: .init(rawValue: solSocket), name: .init(rawValue: attachFilter),
                        value: Program(length: UInt16(buffer.count), instructions: buffer.baseAddress))
                }
            }.get()
        } catch {
            logger.debug("New connections cannot be filtered.", metadata: ["error": "\(error)"])
        }
    }

    /// Waits until the server has accepted every connection that was open already, at most five seconds.
    ///
    /// NIO stops the process where a listening channel closes while a connection is on its way from the
    /// thread that accepted it to its own and back, so each thread also runs what it has been given by then.
    static func settle(_ channel: any Channel, _ threads: any EventLoopGroup) async {
        guard let provider = channel as? any SocketOptionProvider else { return }
        for _ in 0..<250 {
            try? await Task.sleep(for: .milliseconds(20))
            // For a listening socket this field counts the connections that wait to be accepted.
            guard let waiting = try? await provider.getTCPInfo().get().tcpi_unacked, waiting > 0 else {
                break
            }
        }
        for _ in 0..<3 {
            for thread in threads.makeIterator() { try? await thread.submit {}.get() }
            try? await channel.eventLoop.submit {}.get()
        }
    }
}
