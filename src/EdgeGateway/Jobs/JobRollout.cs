namespace EdgeGateway.Jobs;

/// <summary>How fast things are told of a job.</summary>
/// <param name="MaximumPerMinute">1 to 1000.</param>
/// <param name="Exponential">Null: constant.</param>
public sealed record JobRollout(int MaximumPerMinute, ExponentialRollout? Exponential)
{
    /// <summary>Things a minute after so many were told and so many succeeded.</summary>
    public double RateAfter(long notified, long succeeded)
    {
        if (Exponential is not { } rate)
            return MaximumPerMinute;
        var steps = rate.Notified is { } each ? notified / each : succeeded / rate.Succeeded!.Value;
        return Math.Min(MaximumPerMinute, rate.BasePerMinute * Math.Pow(rate.Factor, Math.Min(steps, 1000)));
    }
}
