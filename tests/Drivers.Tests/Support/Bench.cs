using System.Globalization;
using EdgeGateway.Drivers;
using EdgeGateway.Drivers.Simulation;
using Microsoft.Extensions.Time.Testing;

namespace Drivers.Tests.Support;

/// <summary>A simulated header with its own clock.</summary>
internal sealed class Bench : IDisposable
{
    public FakeTimeProvider Time { get; } = new(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));

    public SimulatedHeader Header { get; }

    public Bench() => Header = new SimulatedHeader(Time);

    public IDevice Create(string driver, params ReadOnlySpan<(string Name, object Value)> options)
    {
        var given = new Dictionary<string, string>();
        foreach (var (name, value) in options)
            given[name] = Convert.ToString(value, CultureInfo.InvariantCulture)!;
        return DriverCatalog.Create(driver, given, Header, Time);
    }

    public ISensor Sensor(string driver, params ReadOnlySpan<(string Name, object Value)> options) => (ISensor)Create(driver, options);

    public IActuator Actuator(string driver, params ReadOnlySpan<(string Name, object Value)> options) => (IActuator)Create(driver, options);

    public Task<Reading> ReadAsync(ISensor sensor) => Time.RunAsync(sensor.ReadAsync(CancellationToken.None));

    public async Task<SensorReadException> FailAsync(ISensor sensor) => await Assert.ThrowsAsync<SensorReadException>(() => ReadAsync(sensor));

    public Task SetAsync(IActuator actuator, string name, StateValue value) =>
        Time.RunAsync(actuator.SetAsync(ActuatorState.Of(name, value), CancellationToken.None));

    public Task<ActuatorState> StateAsync(IActuator actuator) => Time.RunAsync(actuator.ReadStateAsync(CancellationToken.None));

    public Task MakeSafeAsync(IActuator actuator) => Time.RunAsync(actuator.MakeSafeAsync(CancellationToken.None));

    /// <summary>Lets virtual time pass in small steps, so that every timer has its turn.</summary>
    public void Pass(TimeSpan time)
    {
        for (var passed = TimeSpan.Zero; passed < time; passed += TimeSpan.FromMilliseconds(1))
            Time.Advance(TimeSpan.FromMilliseconds(1));
    }

    public void Dispose() => Header.Dispose();
}
