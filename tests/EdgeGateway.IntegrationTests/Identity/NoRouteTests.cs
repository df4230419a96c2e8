namespace EdgeGateway.IntegrationTests.Identity;

/// <summary>In a network namespace with nothing but loopback: no internet, no route, no name server.</summary>
public sealed class NoRouteTests
{
    [Fact]
    public async Task DeviceAdd_WithoutAnyRoute_PublishesAndIsRevoked()
    {
        using var folder = new TemporaryFolder();
        var binary = Environment.GetEnvironmentVariable("EDGEGATEWAY_BINARY") is { Length: > 0 } named ? named : $"dotnet '{Path.Combine(AppContext.BaseDirectory, "edgegateway.dll")}'";
        var script = await folder.WriteAsync("no-route.sh", $$"""
            set -eu
            ip link set lo up
            test -z "$(ip route show default)"
            data="$1/data"
            {{binary}} serve --data "$data" --set listeners.mqtt.port=0 --set listeners.mqtts.port=0 --set listeners.https.port=0 --set listeners.http.port=0 > "$1/log" 2>&1 &
            gateway=$!
            trap 'kill $gateway; wait $gateway || true' EXIT
            for n in $(seq 1 600); do
              if test -e "$data/endpoints.json"; then break; fi
              kill -0 $gateway || { cat "$1/log"; exit 9; }
              sleep 0.2
            done
            {{binary}} device add lamp --out "$1/lamp" --host localhost --data "$data" > "$1/added"
            line=$(grep '^mosquitto_pub ' "$1/added")
            sh -c "$line"
            {{binary}} policy explain --client lamp --action iot:Publish --resource topic/devices/lamp/telemetry --data "$data"
            {{binary}} device remove lamp --data "$data"
            if sh -c "$line"; then echo "still let in"; exit 8; fi
            echo "worked without a route"
            """);

        var result = await Programs.RunAsync("unshare", [.. Environment.UserName == "root" ? [] : new[] { "--map-root-user" }, "--net", "bash", script, folder.Path]);

        Assert.Contains("worked without a route", result.Succeeded().Output, StringComparison.Ordinal);
    }
}
