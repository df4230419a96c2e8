namespace EdgeGateway.Api.Access;

/// <param name="Target">ARN of a certificate, user or thing group; or <c>cert/ID</c>, <c>user/NAME</c>, <c>group/NAME</c>, <c>thing/NAME</c> (its only certificate), or the beginning of a certificate's id.</param>
internal sealed record AttachmentRequest(string Target);
