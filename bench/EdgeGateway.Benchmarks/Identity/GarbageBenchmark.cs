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
        var folder = Directory.CreateTempSubdirectory("edgegateway-bench-").FullName;
        string[] settings = [.. new[] { "mqtt", "https", "http" }.Select(static name => $"listeners.{name}.port=-1"), "listeners.mqtts.address=127.0.0.1", "listeners.mqtts.port=0"];
        Console.WriteLine($"machine: {Environment.ProcessorCount} cores, load {Load()}; client, garbage and gateway share them");
        await using (var host = await GatewayHost.StartAsync(new ServeOptions { DataFolder = folder, Settings = settings }, new Dictionary<string, string>(), null, CancellationToken.None))
        {
            var port = int.Parse(host.Endpoints["mqtts"].Split(':')[^1], CultureInfo.InvariantCulture);
            using var client = await ConnectAsync(host.Services, port);
            await PublishAsync(client);                              // compiles
            var (quiet, noisy, sent) = (new List<double>(), new List<double>(), 0);
            for (var turn = 0; turn < Turns; turn++)
            {
                quiet.AddRange(await PublishAsync(client));
                using var stop = new CancellationTokenSource();
                var garbage = SendGarbageAsync(port, stop.Token);
                noisy.AddRange(await PublishAsync(client));
                await stop.CancelAsync();
                sent += await garbage;
            }
            Console.WriteLine($"{sent / (Span.TotalSeconds * Turns):0} garbage handshakes a second; {noisy.Count} publishes under them, none failed");
            Console.WriteLine($"delay of a publish alone: p50 {At(quiet, 50):0.00} ms, p99 {At(quiet, 99):0.00} ms; under garbage: p50 {At(noisy, 50):0.00} ms, p99 {At(noisy, 99):0.00} ms; p99 ratio {At(noisy, 99) / At(quiet, 99):0.00}");
        }
        Console.WriteLine($"load at the end: {Load()}");
        Directory.Delete(folder, recursive: true);
        return 0;
    }

    private static async Task<IMqttClient> ConnectAsync(IServiceProvider services, int port)
    {
        var issued = await services.GetRequiredService<ICertificates>().CreateKeysAndCertificateAsync(CertificateStatus.Active, commonName: null, "bench");
        await services.GetRequiredService<IPolicies>().AttachAsync("local", services.GetRequiredService<EdgeGateway.Identity.IdentityArns>().Certificate(issued.Certificate.Id), "bench");
        using var pem = X509Certificate2.CreateFromPem(issued.Pem, issued.PrivateKeyPem);
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
