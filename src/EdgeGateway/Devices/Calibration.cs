using EdgeGateway.Configuration;

namespace EdgeGateway.Devices;

/// <summary>A straight line from the raw value to the true one: raw × <see cref="Gain"/> + <see cref="Offset"/>.</summary>
public sealed record Calibration(double Gain, double Offset)
{
    public double Apply(double raw) => (raw * Gain) + Offset;

    /// <summary>Reads <c>{ offset, gain }</c>, or <c>{ points: [[raw, true], [raw, true]] }</c>.</summary>
    internal static Calibration Read(ConfigurationNode node)
    {
        var points = node.Items("points");
        if (points.Count == 0)
            return new(node.Double("gain", 1), node.Double("offset", 0));
        var pairs = points.Select(static point => (Raw: point.At(0), True: point.At(1))).ToArray();
        if (pairs is not [{ Raw: { } rawA, True: { } trueA }, { Raw: { } rawB, True: { } trueB }] || rawA == rawB)
        {
            node.Fault("points", "expected two pairs [raw, true] with different raw values");
            return new(1, 0);
        }
        var gain = (trueB - trueA) / (rawB - rawA);
        return new(gain, trueA - (gain * rawA));
    }
}
