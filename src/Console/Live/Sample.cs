namespace EdgeGateway.Pages.Live;

/// <summary>One reading of one quantity.</summary>
public readonly record struct Sample(DateTimeOffset Time, double Value);
