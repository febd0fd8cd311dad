# ./discourse build calls this: out/rocks/discourse, the discourse container's files, laid over a host-like root; and
# out/rocks/discourse.yaml, which a bundle names as the resource.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"
need_dotnet

rock=out/rocks/discourse
app=$rock/srv/discourse/app
if stale "$rock.yaml" src/Forum rocks/discourse scripts/rock.sh; then
    say "Building rocks/discourse"
    rm -rf "$rock.new"
    mkdir -p "$rock.new"
    cp -r rocks/discourse/root/. "$rock.new/"
    new_app=$rock.new/srv/discourse/app
    dotnet publish src/Forum/Forum.csproj --configuration Release --output "$new_app/program" -verbosity:quiet -nodeReuse:false ||
        die "cannot build src/Forum"
    mkdir -p "$new_app"/{config,log,tmp/{pids,backups,restores,metrics},public/{uploads/default,backups/default,assets}} "$rock.new/run"
    [ -d src/Forum/public ] && cp -r src/Forum/public/. "$new_app/public/"
    touch "$new_app"/log/{production,unicorn.stdout,unicorn.stderr}.log
    # The service runs as _daemon_ (584792), which writes below /srv. Who is not root may give it no files, but leave to write.
    if [ "$(id -u)" -eq 0 ]; then
        chown -R 584792:584792 "$rock.new/srv"
    else
        chmod -R a+rX "$rock.new"
        chmod -R a+w "$new_app"/{config,log,tmp,public}
    fi
    rm -rf "$rock.yaml" "$rock"
    mv "$rock.new" "$rock"
    echo 'registrypath: discourse:latest' >"$rock.yaml"
fi
[ -x "$app/program/discourse" ] || die "out/rocks/discourse is incomplete; remove out/rocks and build again"
