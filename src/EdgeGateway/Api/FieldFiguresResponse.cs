namespace EdgeGateway.Api;

/// <summary>Figures of a field's numbers.</summary>
public sealed record FieldFiguresResponse(double Average, double Minimum, double Maximum, double Sum, double StandardDeviation);
