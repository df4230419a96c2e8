namespace EdgeGateway.Search;

/// <summary>Figures of numbers; variance and deviation are those of the population.</summary>
public sealed record NumberStatistics(double Average, double Sum, double Minimum, double Maximum, double SumOfSquares, double Variance, double StandardDeviation);
