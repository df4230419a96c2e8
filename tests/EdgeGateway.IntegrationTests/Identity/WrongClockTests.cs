using EdgeGateway.Identity.Certificates;
using Microsoft.Extensions.DependencyInjection;

namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>A gateway whose clock lies lets its devices in all the same, whose own clocks are right.</summary>
public sealed class WrongClockTests
{
    [Theory]
    [InlineData("1970-01-01T00:00:10Z")]
    [InlineData("+400d")]
    [InlineData("step")]
    public async Task Clock_Wrong_DeviceIsAddedConnectsAndIsRevoked(string clock)
    {
        var time = clock.StartsWith('1') ? ShiftedTime.At(DateTimeOffset.Parse(clock, System.Globalization.CultureInfo.InvariantCulture)) : new ShiftedTime(TimeSpan.FromDays(clock == "+400d" ? 400 : -20_000));
        await using var gateway = await RunningGateway.StartAsync(amend: services => services.AddSingleton<TimeProvider>(time));
        using var folder = new TemporaryFolder();

        var added = (await gateway.CliAsync("device", "add", "lamp", "--out", folder.Path)).Succeeded();
        if (clock == "step")
            time.StepBy(TimeSpan.FromDays(20_000));                  // network time has arrived
        var line = added.Output.Split('\n').Single(static text => text.StartsWith("mosquitto_pub ", StringComparison.Ordinal));

        (await Programs.RunAsync("sh", ["-c", line])).Succeeded();
        var server = gateway.Services.GetRequiredService<IServerCertificate>();
        Assert.True(server.NotAfter > TimeProvider.System.GetUtcNow() + TimeSpan.FromDays(30), $"the server certificate ends {server.NotAfter:u}");
        using var live = await SecureClient.OpenAsync(gateway, folder.Path, "lamp");
        (await gateway.CliAsync("device", "remove", "lamp")).Succeeded();
        Assert.True(await live.IsClosedAsync());
    }

    [Fact]
    public async Task Floor_AcrossARestart_NeverGoesBack()
    {
        using var folder = new TemporaryFolder();
        DateTimeOffset floor;
        await using (var first = await RunningGateway.StartAsync(["identity.trustClock=true"], folder: folder.Path, amend: static services => services.AddSingleton<TimeProvider>(new ShiftedTime(TimeSpan.FromDays(30)))))
            floor = first.Services.GetRequiredService<IClockFloor>().Floor;

        await using var second = await RunningGateway.StartAsync(folder: folder.Path, amend: static services => services.AddSingleton<TimeProvider>(ShiftedTime.At(DateTimeOffset.UnixEpoch)));

        var clock = second.Services.GetRequiredService<IClockFloor>();
        Assert.True(clock.Now >= floor - TimeSpan.FromSeconds(1), $"{clock.Now:u} is before {floor:u}");
        Assert.Equal(ClockTrust.Behind, clock.Trust);
    }
}
