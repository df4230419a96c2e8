using System.Globalization;
using System.Text;
using EdgeGateway.Pages.Live;

namespace EdgeGateway.Pages.Components;

/// <summary>
/// A run of samples as SVG paths in a box of <see cref="Width"/> by <see cref="Height"/>: time runs left to right,
/// the values fill the height, yet never more than their own noise deserves (see <see cref="LeastSpan"/>).
/// </summary>
internal sealed record SparklineShape(string Line, string Area, double EndX, double EndY)
{
    public const double Width = 120;
    public const double Height = 36;
    private const double Margin = 3;                                                  // room for the line's own width and the end's dot

    /// <returns>Null for fewer than two samples: there is nothing to draw yet.</returns>
    public static SparklineShape? Of(IReadOnlyCollection<Sample> samples)
    {
        if (samples.Count < 2)
            return null;
        var first = samples.First().Time;
        var duration = Math.Max((samples.Last().Time - first).TotalSeconds, 1e-3);
        var low = samples.Min(sample => sample.Value);
        var high = samples.Max(sample => sample.Value);
        var span = Math.Max(high - low, LeastSpan(high, low));
        var middle = (high + low) / 2;
        var line = new StringBuilder();
        double x = 0, y = 0;
        foreach (var sample in samples)
        {
            x = Margin + (Math.Clamp((sample.Time - first).TotalSeconds / duration, 0, 1) * (Width - (2 * Margin)));
            y = (Height / 2) - ((sample.Value - middle) / span * (Height - (2 * Margin)));
            line.Append(line.Length == 0 ? 'M' : 'L').Append(Number(x)).Append(' ').Append(Number(y));
        }
        return new SparklineShape(line.ToString(), $"{line}L{Number(x)} {Number(Height)}L{Number(Margin)} {Number(Height)}Z", x, y);
    }

    /// <summary>A still room shall not look like a storm: a change below half a percent of the value stays flat.</summary>
    private static double LeastSpan(double high, double low) => Math.Max(Math.Max(Math.Abs(high), Math.Abs(low)) * 0.005, 1e-6);

    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
