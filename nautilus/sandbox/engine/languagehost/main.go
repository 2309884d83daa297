// Command pulumi-language-python serves Pulumi's LanguageRuntime protocol for Python programs and policy packs.
//
// It guarantees that a program runs with the interpreter of the virtual environment that Pulumi.yaml (or PulumiPolicy.yaml)
// names, and that it leaves at once, with its children, when it is told to stop or when the engine dies. It exists because
// the published language host lives in a module of its own that the pinned CLI module does not carry; it deliberately does
// not create environments, generate code or attach debuggers.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/rpcutil"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/types/known/emptypb"
)

// version is the engine's version, set by the linker.
var version = "0.0.0"

// shownExit is the exit code by which pulumi-language-python-exec says that it has already shown the error.
const shownExit = 32

type host struct {
	pulumirpc.UnimplementedLanguageRuntimeServer
	engine string
}

// python gives the interpreter and the environment for a program.
func python(info *pulumirpc.ProgramInfo) (string, []string, error) {
	env := os.Environ()
	venv := ""
	if info.GetOptions() != nil {
		if v, ok := info.GetOptions().AsMap()["virtualenv"].(string); ok {
			venv = v
		}
	}
	if venv == "" {
		path, err := exec.LookPath("python3")
		return path, env, err
	}
	if !filepath.IsAbs(venv) {
		venv = filepath.Join(info.GetRootDirectory(), venv)
	}
	bin := filepath.Join(venv, "bin")
	path := filepath.Join(bin, "python")
	if _, err := os.Stat(path); err != nil {
		return "", nil, fmt.Errorf("no virtual environment at %s: run `make setup`", venv)
	}
	kept := make([]string, 0, len(env)+2)
	for _, pair := range env {
		if !strings.HasPrefix(pair, "PYTHONHOME=") && !strings.HasPrefix(pair, "PATH=") {
			kept = append(kept, pair)
		}
	}
	kept = append(kept, "VIRTUAL_ENV="+venv, "PATH="+bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	return path, kept, nil
}

// command prepares a child that dies with this process.
func command(ctx context.Context, path string, args ...string) *exec.Cmd {
	child := exec.CommandContext(ctx, path, args...)
	child.Cancel = func() error { return child.Process.Signal(syscall.SIGTERM) }
	child.WaitDelay = 2 * time.Second
	child.SysProcAttr = dieWithParent()
	return child
}

func (h *host) Handshake(
	_ context.Context, request *pulumirpc.LanguageHandshakeRequest,
) (*pulumirpc.LanguageHandshakeResponse, error) {
	h.engine = request.GetEngineAddress()
	return &pulumirpc.LanguageHandshakeResponse{}, nil
}

func (h *host) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

// listPackages prints the Pulumi plug-ins that the installed SDKs ask for, as JSON.
const listPackages = `
import glob, json, os, sys
found = {}
for folder in sys.path:
    for path in glob.glob(os.path.join(folder, "pulumi_*", "pulumi-plugin.json")):
        entry = json.load(open(path))
        if entry.get("resource") and entry.get("name"):
            found[entry["name"]] = entry
print(json.dumps(list(found.values())))
`

func (h *host) GetRequiredPackages(
	ctx context.Context, request *pulumirpc.GetRequiredPackagesRequest,
) (*pulumirpc.GetRequiredPackagesResponse, error) {
	path, env, err := python(request.GetInfo())
	if err != nil {
		return nil, err
	}
	child := command(ctx, path, "-I", "-c", listPackages)
	child.Env = env
	output, err := child.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the Pulumi packages of %s: %w", path, err)
	}
	var entries []struct{ Name, Version, Server string }
	if err := json.Unmarshal(output, &entries); err != nil {
		return nil, fmt.Errorf("reading the Pulumi packages of %s: %w", path, err)
	}
	packages := make([]*pulumirpc.PackageDependency, 0, len(entries))
	for _, entry := range entries {
		number := entry.Version
		if number != "" && !strings.HasPrefix(number, "v") {
			number = "v" + number
		}
		packages = append(packages, &pulumirpc.PackageDependency{
			Name: entry.Name, Kind: "resource", Version: number, Server: entry.Server,
		})
	}
	return &pulumirpc.GetRequiredPackagesResponse{Packages: packages}, nil
}

func (h *host) Run(ctx context.Context, request *pulumirpc.RunRequest) (*pulumirpc.RunResponse, error) {
	path, env, err := python(request.GetInfo())
	if err != nil {
		return nil, err
	}
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// Empty ones, not null: the SDK iterates over both.
	config, err := json.Marshal(maps.Collect(maps.All(request.GetConfig())))
	if err != nil {
		return nil, err
	}
	secretKeys, err := json.Marshal(append([]string{}, request.GetConfigSecretKeys()...))
	if err != nil {
		return nil, err
	}
	child := command(ctx, path, "-u",
		filepath.Join(filepath.Dir(self), "pulumi-language-python-exec"),
		"--monitor", request.GetMonitorAddress(),
		"--engine", h.engine,
		"--project", request.GetProject(),
		"--root_directory", request.GetInfo().GetRootDirectory(),
		"--stack", request.GetStack(),
		"--pwd", request.GetPwd(),
		"--dry_run", strconv.FormatBool(request.GetDryRun()),
		"--parallel", strconv.Itoa(int(request.GetParallel())),
		"--organization", request.GetOrganization(),
		filepath.Join(request.GetInfo().GetProgramDirectory(), request.GetInfo().GetEntryPoint()))
	child.Args = append(child.Args, request.GetArgs()...)
	child.Env = append(env, "PULUMI_CONFIG="+string(config), "PULUMI_CONFIG_SECRET_KEYS="+string(secretKeys))
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	err = child.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return &pulumirpc.RunResponse{}, nil
	case errors.As(err, &exit) && exit.ExitCode() == shownExit:
		return &pulumirpc.RunResponse{Bail: true}, nil
	case errors.As(err, &exit):
		return &pulumirpc.RunResponse{Error: fmt.Sprintf("program ended with code %d", exit.ExitCode())}, nil
	default:
		return nil, err
	}
}

// RunPlugin runs a policy pack, or another plug-in written in Python, and streams what it prints.
func (h *host) RunPlugin(
	request *pulumirpc.RunPluginRequest, stream grpc.ServerStreamingServer[pulumirpc.RunPluginResponse],
) error {
	path, env, err := python(request.GetInfo())
	if err != nil {
		return err
	}
	closer, stdout, stderr, err := rpcutil.MakeRunPluginStreams(stream, false)
	if err != nil {
		return err
	}
	defer func() { _ = closer.Close() }()
	args := []string{"-u"}
	if request.GetKind() == "analyzer" {
		args = append(args, "-m", "pulumi.policy")
		args = append(args, request.GetArgs()...)
		args = append(args, request.GetInfo().GetProgramDirectory())
	} else {
		args = append(args, request.GetInfo().GetProgramDirectory())
		args = append(args, request.GetArgs()...)
	}
	child := command(stream.Context(), path, args...)
	child.Dir = request.GetPwd()
	child.Env = append(env, request.GetEnv()...)
	child.Stdout, child.Stderr = stdout, stderr
	err = child.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return stream.Send(&pulumirpc.RunPluginResponse{
			Output: &pulumirpc.RunPluginResponse_Exitcode{Exitcode: int32(exit.ExitCode())},
		})
	}
	return err
}

func (h *host) InstallDependencies(
	_ *pulumirpc.InstallDependenciesRequest, stream grpc.ServerStreamingServer[pulumirpc.InstallDependenciesResponse],
) error {
	return stream.Send(&pulumirpc.InstallDependenciesResponse{
		Stderr: []byte("The Python packages come from the hashed constraints: run `make setup`.\n"),
	})
}

func (h *host) About(ctx context.Context, request *pulumirpc.AboutRequest) (*pulumirpc.AboutResponse, error) {
	path, env, err := python(request.GetInfo())
	if err != nil {
		return nil, err
	}
	child := command(ctx, path, "--version")
	child.Env = env
	output, err := child.Output()
	if err != nil {
		return nil, err
	}
	return &pulumirpc.AboutResponse{Executable: path, Version: strings.TrimSpace(string(output))}, nil
}

func main() {
	engine := ""
	for _, argument := range os.Args[1:] {
		if !strings.HasPrefix(argument, "-") {
			engine = argument
		}
	}
	stop := make(chan bool)
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGINT, syscall.SIGTERM)
	handle, err := rpcutil.ServeWithOptions(rpcutil.ServeOptions{
		Cancel: stop,
		Init: func(server *grpc.Server) error {
			pulumirpc.RegisterLanguageRuntimeServer(server, &host{engine: engine})
			return nil
		},
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "pulumi-language-python: %v\n", err)
		os.Exit(1)
	}
	fmt.Printf("%d\n", handle.Port)
	parent := os.Getppid()
	for {
		select {
		case <-signals:
			os.Exit(0)
		case err := <-handle.Done:
			if err != nil {
				fmt.Fprintf(os.Stderr, "pulumi-language-python: %v\n", err)
				os.Exit(1)
			}
			os.Exit(0)
		case <-time.After(time.Second):
			if os.Getppid() != parent {
				os.Exit(0)
			}
		}
	}
}
