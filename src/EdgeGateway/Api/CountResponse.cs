namespace EdgeGateway.Api;

/// <summary>How many a request was about.</summary>
public sealed record CountResponse(int Count);
