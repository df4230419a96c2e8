namespace EdgeGateway.Api.Access;

/// <summary>Would this be allowed? The principal is the one given, else that of the live connection, else that of the thing named like the client.</summary>
/// <param name="Action">Such as <c>iot:Publish</c>, or <c>Publish</c>.</param>
/// <param name="Resource">ARN, or its last part such as <c>topic/a/b</c>.</param>
/// <param name="Target">As of <see cref="AttachmentRequest"/>.</param>
internal sealed record ExplanationRequest(string Client, string Action, string Resource, string? Target, string? Address, bool Persistent, string? WillTopic);
