namespace EdgeGateway.Pages.Live;

/// <summary>One message as it reached this page.</summary>
internal sealed record LiveMessage(string Topic, ReadOnlyMemory<byte> Payload, int QualityOfService, bool Retain, DateTimeOffset Arrived);
