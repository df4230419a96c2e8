using Drivers.Tests.Support;
using EdgeGateway.Drivers;

namespace Drivers.Tests.Catalog;

public sealed class DriverCatalogTests
{
    public static TheoryData<string> Names => [.. DriverCatalog.All.Select(driver => driver.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Descriptor_EveryDriver_IsWhole(string name)
    {
        var driver = DriverCatalog.Find(name)!;
        Assert.Matches("^[a-z0-9-]+$", driver.Name);
        Assert.NotEmpty(driver.Description);
        Assert.NotEmpty(driver.Datasheet);
        Assert.Equal(driver.Bus == BusKind.I2c, !driver.Addresses.IsEmpty);
        Assert.Equal(driver.Kind.HasFlag(DriverKind.Sensor), !driver.Readings.IsEmpty);
        Assert.Equal(driver.Kind.HasFlag(DriverKind.Actuator), !driver.States.IsEmpty);
        Assert.Equal(driver.Kind.HasFlag(DriverKind.EventInput), !driver.Events.IsEmpty);
        Assert.All(driver.Readings, reading => Assert.True(reading.Minimum < reading.Maximum, reading.Name));
        Assert.All(driver.Readings, reading => Assert.Matches("^[a-z][a-zA-Z0-9]*$", reading.Name));
        Assert.Distinct(driver.Readings.Select(reading => reading.Name));
        Assert.Distinct(driver.Options.Select(option => option.Name));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Create_WithItsDefaults_MakesADeviceOfItsKindAndTouchesNothing(string name)
    {
        using var bench = new Bench();
        var driver = DriverCatalog.Find(name)!;
        await using var device = bench.Create(name, [.. Needed(driver)]);
        Assert.Equal(driver.Kind.HasFlag(DriverKind.Sensor), device is ISensor);
        Assert.Equal(driver.Kind.HasFlag(DriverKind.Actuator), device is IActuator);
        Assert.Equal(driver.Kind.HasFlag(DriverKind.EventInput), device is IEventInput);
        Assert.DoesNotContain(Enumerable.Range(0, 28), bench.Header.Lines.IsOpen);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task ReadAsync_NothingWired_IsAFailureThatSaysWhatToCheck(string name)
    {
        var driver = DriverCatalog.Find(name)!;
        if (driver.Bus is BusKind.Gpio || !driver.Kind.HasFlag(DriverKind.Sensor))
            return; // an open pin reads as its pull; outputs have nothing to ask
        using var bench = new Bench();
        await using var sensor = bench.Sensor(name, [.. Needed(driver)]);
        var failure = await bench.FailAsync(sensor);
        Assert.Contains(driver.Chip, failure.Message, StringComparison.Ordinal);
        Assert.NotEmpty(failure.Check);
    }

    [Fact]
    public void Validate_SeveralFaults_NamesEach()
    {
        var faults = DriverCatalog.Find("bme280")!.Validate(new Dictionary<string, string> { ["address"] = "0x40", ["oversampling"] = "3", ["colour"] = "red" });
        Assert.Equal(["address", "oversampling", "colour"], faults.Select(fault => fault.Option));
        Assert.Equal("one of 0x76, 0x77", faults[0].Expectation);
        Assert.Contains("oversampling", faults[2].Expectation, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("118")]
    [InlineData("0x76")]
    [InlineData("0X76")]
    public void Validate_AddressInAnyNotation_IsTaken(string address) =>
        Assert.Empty(DriverCatalog.Find("bme280")!.Validate(new Dictionary<string, string> { ["address"] = address }));

    [Fact]
    public void Validate_MissingPin_SaysWhatItTakes()
    {
        var fault = Assert.Single(DriverCatalog.Find("relay")!.Validate(new Dictionary<string, string>()));
        Assert.Equal("option 'pin' is missing: a whole number of 0 to 27", fault.ToString());
    }

    [Fact]
    public void Create_UnknownDriver_NamesThoseThereAre()
    {
        using var bench = new Bench();
        var failure = Assert.Throws<DriverOptionException>(() => bench.Create("bme281"));
        Assert.Contains("bme280", failure.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<(string, object)> Needed(DriverDescriptor driver) => driver.Options
        .Where(option => option.Default is null)
        .Select((option, index) => (option.Name, (object)(option.Choices.IsEmpty ? (20 + index).ToString(System.Globalization.CultureInfo.InvariantCulture) : option.Choices[0])));
}
