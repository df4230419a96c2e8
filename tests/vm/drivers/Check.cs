using System.Diagnostics;
using EdgeGateway.Drivers;

namespace EdgeGateway.VmTests;

/// <summary>Runs the checks one by one and remembers whether any failed.</summary>
internal sealed class Check(IHeader header)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60); // an emulated machine under load

    public int Failed { get; private set; }

    public async Task RunAsync(string name, Func<CancellationToken, Task> check)
    {
        var start = Stopwatch.GetTimestamp();
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            await check(deadline.Token);
            Console.WriteLine($"ok   {name} ({Stopwatch.GetElapsedTime(start).TotalSeconds:F2} s)");
        }
#pragma warning disable CA1031 // whatever a check throws is its result
        catch (Exception ex)
#pragma warning restore CA1031
        {
            Failed++;
            Console.WriteLine($"FAIL {name}: {ex.GetType().Name}: {ex.Message}");
        }
    }

    public T Create<T>(string driver, params (string Name, string Value)[] options)
        where T : class, IDevice =>
        (T)DriverCatalog.Create(driver, options.ToDictionary(option => option.Name, option => option.Value), header, TimeProvider.System);

    public static void Equal<T>(T expected, T actual, string what)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, actual))
            throw new InvalidOperationException($"{what} is {actual}, not {expected}");
    }

    public static void Near(double expected, double actual, double tolerance, string what)
    {
        if (!(Math.Abs(expected - actual) <= tolerance))
            throw new InvalidOperationException($"{what} is {actual}, not {expected}");
    }

    public static async Task<DriverException> FailsAsync(ISensor sensor, DriverFault fault, CancellationToken cancellationToken)
    {
        try
        {
            await sensor.ReadAsync(cancellationToken);
        }
        catch (SensorReadException ex)
        {
            Console.WriteLine($"     {ex.Message}");
            Equal(fault, ex.Fault, "the fault");
            return ex;
        }

        throw new InvalidOperationException($"a reading came instead of {fault}");
    }
}
