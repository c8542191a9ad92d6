import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL

/// Posts webhooks.
///
/// The name of an endpoint is looked up once, its addresses are judged, and the connection then goes to the very
/// address that was judged: a name that answers differently the second time finds no second time. So each request has
/// a client of its own, on the event loops of the process.
struct WebhookClient: Sendable {
    enum Outcome: Sendable, Hashable {
        case delivered
        /// The endpoint says that it wants no more (410).
        case gone
        /// It was never asked, for a reason of our own, which does not count against it.
        case unsent(String)
        /// The reason names neither the address nor the person. `retryAfter` is the endpoint's own, as it came.
        case failed(String, retryAfter: String? = nil)
    }

    let settings: WebhookSettings
    var lookup = HostLookup.shared

    /// Posts a body of JSON. Redirects are not followed, and what the endpoint answers is not read. Look-up, connection,
    /// TLS and answer share the time that one request has.
    func post(_ body: Data, headers: [(String, String)], to url: String) async -> Outcome {
        guard let host = WebhookAddress.host(of: url), var parts = URLComponents(string: url) else {
            return .failed("the address is none")
        }
        parts.host = host
        guard let text = parts.string else { return .failed("the address is none") }
        let deadline = NIODeadline.now() + .seconds(Int64(clamping: settings.timeoutSeconds))
        let name = host.trimmingCharacters(in: CharacterSet(charactersIn: "[]"))
        let addresses: [NetworkAddress]
        switch await lookup.addresses(of: name, until: deadline) {
        case .addresses(let found): addresses = found
        case .noAddress: return .failed("the host has no address")
        case .unknown(let reason): return .unsent(reason)
        }
        guard let address = addresses.first else { return .failed("the host has no address") }
        guard settings.allowsPrivateAddresses || addresses.allSatisfy(\.isPublic) else {
            return .failed("the host's address is not public")
        }
        var request = HTTPClientRequest(url: text)
        request.method = .POST
        request.headers.add(name: "content-type", value: "application/json")
        request.headers.add(name: "user-agent", value: "Grove-Webhooks/1")
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.body = .bytes(ByteBuffer(bytes: body))
        return await send(request, to: address, of: name, deadline: deadline)
    }

    private func send(
        _ request: HTTPClientRequest, to address: NetworkAddress, of name: String, deadline: NIODeadline
    ) async -> Outcome {
        var configuration = HTTPClient.Configuration(
            redirectConfiguration: .disallow,
            timeout: .init(connect: .seconds(5)), decompression: .disabled)
        configuration.dnsOverride = [name: address.text]
        configuration.httpVersion = .http1Only
        if let certificates = settings.certificates {
            var tls = TLSConfiguration.makeClientConfiguration()
            tls.trustRoots = .file(certificates)
            configuration.tlsConfiguration = tls
        }
        let client = HTTPClient(
            eventLoopGroupProvider: .shared(MultiThreadedEventLoopGroup.singleton),
            configuration: configuration)
        let outcome: Outcome
        do {
            let response = try await client.execute(request, deadline: deadline)
            outcome =
                switch response.status.code {
                case 200...299: .delivered
                case 410: .gone
                default:
                    .failed(
                        "the endpoint answered \(response.status.code)",
                        retryAfter: response.headers.first(name: "retry-after"))
                }
        } catch let error as HTTPClientError where error == .deadlineExceeded || error == .connectTimeout {
            outcome = .failed("the endpoint did not answer in time")
        } catch let error as NIOSSLExtraError where error == .failedToValidateHostname {
            outcome = .failed("the endpoint's certificate is another host's")
        } catch is NIOSSLError {
            outcome = .failed("no TLS connection to the endpoint")
        } catch {
            // The library's own words may hold the address.
            outcome = .failed("no connection to the endpoint (\(type(of: error)))")
        }
        shutDown(client)
        return outcome
    }

    /// Not waited for: a server that is slow to answer is slow to close, too.
    private func shutDown(_ client: HTTPClient) { Task { try? await client.shutdown() } }
}
