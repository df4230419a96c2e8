namespace EdgeGateway.Drivers;

/// <summary>Voltage of a type K thermocouple by ITS-90 (NIST Monograph 175, Table 10.1), -270 to 1372 °C.</summary>
internal static class TypeK
{
    private const double ChipMillivoltPerDegree = 0.041276, Lowest = -270, Highest = 1372;

    private static ReadOnlySpan<double> Below =>
    [
        0, 0.394501280250e-1, 0.236223735980e-4, -0.328589067840e-6, -0.499048287770e-8, -0.675090591730e-10,
        -0.574103274280e-12, -0.310888728940e-14, -0.104516093650e-16, -0.198892668780e-19, -0.163226974860e-22,
    ];

    private static ReadOnlySpan<double> Above =>
    [
        -0.176004136860e-1, 0.389212049750e-1, 0.185587700320e-4, -0.994575928740e-7, 0.318409457190e-9,
        -0.560728448890e-12, 0.560750590590e-15, -0.320207200030e-18, 0.971511471520e-22, -0.121047212750e-25,
    ];

    /// <summary>Millivolts against a junction at 0 °C.</summary>
    public static double Millivolts(double celsius)
    {
        var terms = celsius < 0 ? Below : Above;
        var sum = 0.0;
        for (var i = terms.Length - 1; i >= 0; i--)
            sum = (sum * celsius) + terms[i];
        return celsius < 0 ? sum : sum + (0.118597600000 * Math.Exp(-0.118343200000e-3 * Math.Pow(celsius - 126.9686, 2)));
    }

    /// <summary>The temperature for what the chip took for a straight line; outside of the curve's range the chip's own value.</summary>
    public static double Correct(double chipCelsius, double junctionCelsius)
    {
        var millivolts = ((chipCelsius - junctionCelsius) * ChipMillivoltPerDegree) + Millivolts(junctionCelsius);
        var (low, high) = (Lowest, Highest);
        if (millivolts <= Millivolts(low) || millivolts >= Millivolts(high))
            return chipCelsius;
        while (high - low > 1e-4) // the curve rises everywhere
        {
            var middle = (low + high) / 2;
            if (Millivolts(middle) < millivolts)
                low = middle;
            else
                high = middle;
        }

        return Math.Round((low + high) / 2, 3);
    }
}
