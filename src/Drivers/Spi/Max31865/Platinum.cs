namespace EdgeGateway.Drivers;

/// <summary>Resistance of platinum by IEC 60751 (Callendar and Van Dusen), -200 to 850 °C.</summary>
internal static class Platinum
{
    private const double A = 3.9083e-3, B = -5.775e-7, C = -4.18301e-12;

    /// <summary>Resistance over that at 0 °C.</summary>
    public static double Ratio(double celsius) =>
        1 + (A * celsius) + (B * celsius * celsius) + (celsius < 0 ? C * (celsius - 100) * celsius * celsius * celsius : 0);

    /// <param name="ratio">Resistance over that at 0 °C.</param>
    /// <returns>NaN where no temperature has this resistance.</returns>
    public static double Celsius(double ratio)
    {
        var celsius = (-A + Math.Sqrt((A * A) - (4 * B * (1 - ratio)))) / (2 * B);
        if (!(celsius < 0))
            return celsius;
        for (var i = 0; i < 8; i++) // Newton; the formula above is a good start
        {
            var slope = A + (2 * B * celsius) + (C * ((4 * celsius * celsius * celsius) - (300 * celsius * celsius)));
            celsius -= (Ratio(celsius) - ratio) / slope;
        }

        return celsius;
    }
}
