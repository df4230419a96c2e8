using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using EdgeGateway.Hosting;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Identity.Policies;
using Microsoft.Extensions.DependencyInjection;
using MQTTnet;
using MQTTnet.Protocol;

namespace EdgeGateway.Benchmarks.Identity;

/// <summary>What 200 garbage handshakes a second do to the publishes of a device that is in: its delays with and without them, by turns.</summary>
internal static class GarbageBenchmark
{
    private const int HandshakesPerSecond = 200;
    private const int PublishesPerSecond = 200;
    private const int Turns = 3;
    private static readonly TimeSpan Span = TimeSpan.FromSeconds(5);

    public static async Task<int> RunAsync(string[] arguments)
    {
        if (arguments is ["serve", var data])
            return await ServeAsync(data);
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}; the gateway is a process of its own, client and garbage are one");
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        var isHosted = Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet";
        using var gateway = Process.Start(new ProcessStartInfo(Environment.ProcessPath!, [.. isHosted ? (string[])[typeof(GarbageBenchmark).Assembly.Location] : [], "identity-garbage", "serve", folder])
        {
            RedirectStandardOutput = true, RedirectStandardInput = true,
            Environment = { ["DOTNET_TieredCompilation"] = "0" }, // the product is native code; a JIT that compiles during the run would be measured along
        })!;
        var port = 0;
        while (port == 0 && await gateway.StandardOutput.ReadLineAsync() is { } line)
            port = line.StartsWith("port ", StringComparison.Ordinal) ? int.Parse(line[5..], CultureInfo.InvariantCulture) : 0;
        _ = gateway.StandardOutput.ReadToEndAsync();
        using (var client = await ConnectAsync(folder, port))
        {
            await PublishAsync(client);                                  // compiles
            await WithGarbageAsync(client, port);
            var (quiet, noisy, sent) = (new List<double>(), new List<double>(), 0);
            for (var turn = 0; turn < Turns; turn++)
            {
                quiet.AddRange(await PublishAsync(client));
                var (delays, count) = await WithGarbageAsync(client, port);
                noisy.AddRange(delays);
                sent += count;
            }
            Console.WriteLine($"{sent / (Span.TotalSeconds * Turns):0} garbage handshakes a second; {noisy.Count} publishes under them, none failed");
            Console.WriteLine($"delay of a publish alone: p50 {At(quiet, 50):0.00} ms, p99 {At(quiet, 99):0.00} ms; under garbage: p50 {At(noisy, 50):0.00} ms, p99 {At(noisy, 99):0.00} ms; p99 ratio {At(noisy, 99) / At(quiet, 99):0.00} (wanted: at most 2)");
        }
        gateway.Kill();
        await gateway.WaitForExitAsync();
        Console.WriteLine($"load at the end: {Load()}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    // The whole gateway, until whoever started it has gone; the client's certificate and key lie in the folder.
    private static async Task<int> ServeAsync(string folder)
    {
        string[] settings = [.. new[] { "mqtt", "https", "http" }.Select(static name => $"listeners.{name}.port=-1"), "listeners.mqtts.address=127.0.0.1", "listeners.mqtts.port=0"];
        await using var host = await GatewayHost.StartAsync(new ServeOptions { DataFolder = folder, Settings = settings }, new Dictionary<string, string>(), null, CancellationToken.None);
        var issued = await host.Services.GetRequiredService<ICertificates>().CreateKeysAndCertificateAsync(CertificateStatus.Active, commonName: null, "bench");
        await host.Services.GetRequiredService<IPolicies>().AttachAsync("local", host.Services.GetRequiredService<EdgeGateway.Identity.IdentityArns>().Certificate(issued.Certificate.Id), "bench");
        await File.WriteAllTextAsync(Path.Combine(folder, "bench.pem"), $"{issued.Pem}\n{issued.PrivateKeyPem}");
        Console.WriteLine($"port {host.Endpoints["mqtts"].Split(':')[^1]}");
        await Console.In.ReadToEndAsync();
        return 0;
    }

    private static async Task<(List<double> Delays, int Sent)> WithGarbageAsync(IMqttClient client, int port)
    {
        using var stop = new CancellationTokenSource();
        var garbage = SendGarbageAsync(port, stop.Token);
        var delays = await PublishAsync(client);
        await stop.CancelAsync();
        return (delays, await garbage);
    }

    private static async Task<IMqttClient> ConnectAsync(string folder, int port)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(folder, "bench.pem"));
        using var pem = X509Certificate2.CreateFromPem(text, text);
        var certificate = X509CertificateLoader.LoadPkcs12(pem.Export(X509ContentType.Pkcs12), null);
        var client = new MqttClientFactory().CreateMqttClient();
        await client.ConnectAsync(new MqttClientOptionsBuilder().WithTcpServer("127.0.0.1", port).WithClientId("bench").WithTlsOptions(tls => tls
            .UseTls().WithClientCertificates([certificate]).WithCertificateValidationHandler(static _ => true)).Build());
        return client;
    }

    /// <returns>Milliseconds from PUBLISH to PUBACK, one after the other at the pace.</returns>
    private static async Task<List<double>> PublishAsync(IMqttClient client)
    {
        var message = new MqttApplicationMessageBuilder().WithTopic("bench").WithPayload("{\"a\":1}").WithQualityOfServiceLevel(MqttQualityOfServiceLevel.AtLeastOnce).Build();
        var delays = new List<double>();
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / PublishesPerSecond));
        for (var began = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(began) < Span; await timer.WaitForNextTickAsync())
        {
            var sent = Stopwatch.GetTimestamp();
            await client.PublishAsync(message);
            delays.Add(Stopwatch.GetElapsedTime(sent).TotalMilliseconds);
        }
        return delays;
    }

    private static async Task<int> SendGarbageAsync(int port, CancellationToken cancellationToken)
    {
        var random = new Random(4);
        var count = 0;
        using var timer = new PeriodicTimer(TimeSpan.FromSeconds(1.0 / HandshakesPerSecond));
        while (!cancellationToken.IsCancellationRequested)
        {
            var bytes = new byte[random.Next(1, 400)];
            random.NextBytes(bytes);
            if (count++ % 2 == 0)
                bytes[0] = 0x16;                                     // begins like a TLS handshake
            using (var tcp = new TcpClient())
            {
                await tcp.ConnectAsync(IPAddress.Loopback, port, CancellationToken.None);
                await tcp.GetStream().WriteAsync(bytes, CancellationToken.None);
            }
            await timer.WaitForNextTickAsync(CancellationToken.None);
        }
        return count;
    }

    private static double At(List<double> delays, int percent) => delays.Order().ElementAt(delays.Count * percent / 100);

    private static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];
}
