import ContractKit
import ExactTypes
import GroveTesting
import Testing

/// The harness finds what an answer has otherwise than its document.
@Suite struct ContractCheckTests {
    private func fault(
        _ status: Int, _ body: String?, type: String = "application/json",
        headers: [(name: String, value: String)] = [], to method: String = "GET",
        _ path: String = "/v1/notifications/unread-count"
    ) -> FieldError? {
        let content = body.map { Content(type: type, bytes: Array($0.utf8)) }
        let answer = Answer(status: status, headers: headers, content: content)
        do throws(FieldError) {
            try ContractCheck.check(answer, to: method, "http://127.0.0.1:8080" + path)
            return nil
        } catch {
            return error
        }
    }

    private let problem = #""type": "urn:grove:problem:not-found", "title": "Not found""#

    @Test func answersOfTheDocumentPass() {
        #expect(fault(200, #"{"unread": 3}"#) == nil)
        #expect(fault(404, "{\(problem), \"status\": 404}", type: "application/problem+json") == nil)
        #expect(fault(200, "", type: "text/event-stream", to: "GET", "/v1/notifications/stream") == nil)
        #expect(fault(204, nil, to: "DELETE", "/v1/notification-preferences/security/email") == nil)
        let rows = #""row": 3, "refused": 1, "rows": []"#
        #expect(
            fault(
                422, "{\(problem), \"status\": 422, \(rows)}", type: "application/problem+json", to: "POST",
                "/v1/bar-imports?source=X") == nil)
    }

    @Test func whatNoDocumentHasIsNotHeld() {
        #expect(fault(200, "anything", to: "GET", "/v1/nowhere") == nil)
    }

    @Test func eachFaultNamesItsField() {
        #expect(fault(200, #"{"unread": -1}"#)?.field == "unread")
        #expect(fault(200, #"{"unread": 3, "more": 1}"#)?.field == "more")
        #expect(fault(200, #"{}"#)?.field == "unread")
        #expect(fault(200, nil) != nil)
        #expect(fault(201, #"{"unread": 3}"#)?.field == "status")
        #expect(fault(200, #"{"unread": 3}"#, type: "text/csv")?.field == "Content-Type")
        #expect(fault(200, #"{"unread": 3}"#, headers: [("ETag", "\"1\"")])?.field == "ETag")
    }

    @Test func eachFaultOfAProblemNamesItsField() {
        let type = "application/problem+json"
        #expect(fault(404, "{\(problem), \"status\": 404}")?.field == "Content-Type")
        #expect(fault(404, "{\(problem), \"status\": 400}", type: type)?.field == "status")
        #expect(fault(404, "{\(problem), \"status\": 404, \"row\": 1}", type: type)?.field == "row")
        #expect(fault(404, #"{"title": "Not found", "status": 404}"#, type: type)?.field == "type")
    }

    @Test func aHeaderOfTheDocumentMustBeThere() {
        let preference = """
            {"category": "security", "channel": "email", "enabled": true, "digest": "none", "revision": 1}
            """
        let path = "/v1/notification-preferences/security/email"
        #expect(fault(200, preference, to: "GET", path)?.field == "ETag")
        #expect(fault(200, preference, headers: [("ETag", "\"1\"")], to: "GET", path) == nil)
    }

    /// What may be left out may not be null: that would be another value.
    @Test func nullIsNotTheSameAsLeftOut() {
        let preference = """
            {"category": "security", "channel": "email", "enabled": true, "quiet_hours": null, "digest": "none",
             "revision": 1}
            """
        let path = "/v1/notification-preferences/security/email"
        #expect(fault(200, preference, headers: [("ETag", "\"1\"")], to: "GET", path)?.field == "quiet_hours")
    }
}
