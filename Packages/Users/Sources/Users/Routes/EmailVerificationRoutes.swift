import Hummingbird
import ServiceKit
import SharedTypes

extension UsersModule {
    func addEmailVerificationRoutes(to router: ServiceRouter) {
        router.post("/v1/email-verifications") { request, context in
            let principal = try context.user()
            return try await once(request, context, "requestEmailVerification", secrets: []) { transaction in
                try await requestEmailVerification(
                    of: principal, from: Client(request, context), on: transaction)
                return Response(status: .accepted)
            }
        }
        router.post("/v1/email-verifications/confirm") { request, context in
            let fields = try await Fields.body(of: request, context: context)
            let token = try fields.string("token", length: 1...200)
            try fields.finish()
            try await confirmEmailVerification(token)
            return Response.noContent
        }
    }
}
