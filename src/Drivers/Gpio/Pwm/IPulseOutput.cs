namespace EdgeGateway.Drivers;

/// <summary>A line that is high for a part of each period.</summary>
internal interface IPulseOutput : IDisposable
{
    /// <summary><c>hardware</c> or <c>software</c>.</summary>
    string Drive { get; }

    /// <param name="duty">0 to 1.</param>
    /// <exception cref="DriverException">The line cannot be driven.</exception>
    void Set(double duty);

    /// <summary>The duty the line has now, 0 where it stands still.</summary>
    /// <exception cref="DriverException">It cannot be read.</exception>
    ValueTask<double> ReadAsync(CancellationToken cancellationToken);
}
