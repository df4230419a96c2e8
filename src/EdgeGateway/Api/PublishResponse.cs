namespace EdgeGateway.Api;

/// <summary>Answer of <c>POST /edge/v1/publish</c>.</summary>
/// <param name="Delivered">Somebody received it, or it is queued for somebody.</param>
public sealed record PublishResponse(bool Delivered);
