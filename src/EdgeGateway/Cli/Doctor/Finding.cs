namespace EdgeGateway.Cli.Doctor;

/// <summary>What one look at the machine found.</summary>
/// <param name="Check">What was looked at.</param>
/// <param name="Verdict">Whether it is fit.</param>
/// <param name="Detail">What is there.</param>
/// <param name="Remedy">How to mend it; null where nothing is to do.</param>
internal sealed record Finding(string Check, Verdict Verdict, string Detail, string? Remedy = null);
