using System.Buffers.Binary;
using System.Globalization;
using EdgeGateway.Tests.Devices;
using Xunit;

namespace EdgeGateway.Tests.Broker;

/// <summary>A day of coming and going in virtual time: sessions and messages expire, wills go out, and nothing piles up.</summary>
[Collection(VirtualTime.Name)] // the memory of the whole process is looked at
public sealed class VirtualDayTests
{
    private const int MinutesADay = 24 * 60;

    [Fact]
    public async Task Day_OfExpiringSessionsWillsAndMessages_LeavesMemoryFlat()
    {
        var host = EngineHost.Start();
        var (watcher, _) = await MemoryPeer.OpenAsync(host, "watcher", clean: true, expirySeconds: 0);
        watcher.Send(MemoryPeer.Subscribe("will/#", 0));
        var wills = 0;
        long early = 0;
        for (var minute = 0; minute <= MinutesADay; minute++)
        {
            await VisitAsync(host, minute);
            for (var tick = 0; tick < 4; tick++)
            {
                host.Time.Advance(TimeSpan.FromSeconds(15));
                host.Tick();
            }
            host.Router.Retained.Sweep(host.Router.Now);
            host.Commit();
            wills += watcher.Take().Count(static packet => packet[0] >> 4 == 3);
            if (minute % 60 == 59)
                host.Journal.Checkpoint(host.Sessions, host.Router.Retained);
            if (minute == 12 * 60) // the cache of routes has its size by now
                early = Memory();
        }
        Assert.True(wills >= MinutesADay - 5, $"{wills} wills of {MinutesADay} were seen");
        Assert.InRange(host.Sessions.Count, 0, 5);
        Assert.InRange(host.Router.Retained.Count, 0, 5);
        Assert.InRange(Memory() - early, long.MinValue, 4 << 20);
    }

    // A device that leaves without a word after it has published: its will goes after 20 s, its session after 90 s, its messages after 30 s.
    private static async Task VisitAsync(EngineHost host, int minute)
    {
        byte[] delay = [5, 0x18, 0, 0, 0, 20];
        var name = string.Create(CultureInfo.InvariantCulture, $"device-{minute}");
        var (device, _) = await MemoryPeer.OpenAsync(host, name, clean: false, expirySeconds: 90, will: [.. delay, .. MemoryPeer.Text($"will/{name}"), .. MemoryPeer.Text("gone")]);
        device.Send(MemoryPeer.Subscribe($"to/{name}/#", 1));
        var expiry = new byte[5];
        expiry[0] = 0x02;
        BinaryPrimitives.WriteUInt32BigEndian(expiry.AsSpan(1), 30);
        device.Send(MemoryPeer.Publish($"last/{name}", new string('r', 500), 1, 1, retain: true, properties: expiry));
        host.Commit();
        device.Take();
        device.Drop();
        var (sender, _) = await MemoryPeer.OpenAsync(host, "sender", clean: true, expirySeconds: 0);
        for (ushort number = 1; number <= 20; number++)
            sender.Send(MemoryPeer.Publish($"to/{name}/{number}", new string('m', 200), 1, number, properties: expiry));
        host.Commit();
        sender.Take();
        sender.Drop();
    }

    private static long Memory()
    {
        for (var i = 0; i < 3; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }
        return GC.GetTotalMemory(forceFullCollection: true);
    }
}
