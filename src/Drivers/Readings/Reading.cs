using System.Collections.Immutable;

namespace EdgeGateway.Drivers;

/// <summary>What one measurement gave: named values, taken at one moment.</summary>
/// <param name="Values">In the order the driver's metadata lists them; a value the chip skipped is left out.</param>
/// <param name="Time">Wall time of the measurement.</param>
/// <param name="Timestamp">The same moment in <see cref="TimeProvider.GetTimestamp"/> ticks: for intervals and rates.</param>
public sealed record Reading(ImmutableArray<ReadingValue> Values, DateTimeOffset Time, long Timestamp)
{
    /// <summary>The worst quality among the values.</summary>
    public ReadingQuality Quality
    {
        get
        {
            var worst = ReadingQuality.Good;
            foreach (var value in Values)
                if (value.Quality > worst)
                    worst = value.Quality;
            return worst;
        }
    }

    /// <exception cref="KeyNotFoundException">The reading has no value of this name.</exception>
    public double this[string name] => (Find(name) ?? throw new KeyNotFoundException($"The reading has no value '{name}'.")).Value;

    public ReadingValue? Find(string name)
    {
        foreach (var value in Values)
            if (value.Name == name)
                return value;
        return null;
    }
}
